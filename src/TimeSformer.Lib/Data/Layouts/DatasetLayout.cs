namespace TimeSformer.Data.Layouts;

/// <summary>How a data set lies on disk as its makers distribute it.</summary>
public enum DatasetLayout
{
    /// <summary>A folder for each class with its videos, or its pictures, which are videos of one frame; in <c>train</c> and <c>val</c>, or where there are none, every fifth video of a class is for validation.</summary>
    Folders,

    /// <summary>UCF101: classInd.txt, trainlist0N.txt and testlist0N.txt, N = 1 to 3, and a folder for each class.</summary>
    Ucf101,

    /// <summary>HMDB51: CLASS_test_splitN.txt, N = 1 to 3, and a folder for each class.</summary>
    Hmdb51,

    /// <summary>UCF11 (YouTube Action): a folder for each class, in it one for each of 25 groups; split N is validated on group N.</summary>
    Ucf11,

    /// <summary>Diving48, second version: Diving48_V2_train.json and Diving48_V2_test.json, and the videos of all classes.</summary>
    Diving48,

    /// <summary>Something-Something v2: JSON annotations, labels.json, and the videos of all classes, or a folder of frames for each.</summary>
    Ssv2,
}

/// <summary>The two parts of a data set; what its makers call test is for validation here.</summary>
public enum DatasetPart
{
    /// <summary>For training.</summary>
    Train,

    /// <summary>For validation.</summary>
    Val,
}
