namespace TimeSformer.Data.Layouts;

/// <summary>The layout of a dataset on disk, as its authors distribute it.</summary>
public enum DatasetLayout
{
    /// <summary>A folder per class of videos or pictures, in <c>train</c> and <c>val</c>, or each fifth for validation.</summary>
    Folders,

    /// <summary>UCF101: classInd.txt, trainlist0N.txt and testlist0N.txt for N = 1 to 3, and a folder per class.</summary>
    Ucf101,

    /// <summary>HMDB51: CLASS_test_splitN.txt for N = 1 to 3, and a folder per class.</summary>
    Hmdb51,

    /// <summary>UCF11 (YouTube Action): a folder per class with 25 groups each; split N is validated on group N.</summary>
    Ucf11,

    /// <summary>Diving48 version 2: Diving48_V2_train.json, Diving48_V2_test.json, and a folder with the videos of all classes.</summary>
    Diving48,

    /// <summary>Something-Something v2: JSON annotations, labels.json, and a folder with all videos or folders of frames.</summary>
    Ssv2,

    /// <summary>UT-Interaction, segmented: INDEX_SEQUENCE_LABEL.avi; splits 1 to 5 are set 1's folds, 6 to 10 set 2's.</summary>
    UtInteraction,
}

/// <summary>The part of a dataset. The official test set serves for validation.</summary>
public enum DatasetPart
{
    /// <summary>Training.</summary>
    Train,

    /// <summary>Validation.</summary>
    Val,
}

/// <summary>Reads the videos of a dataset from its folder.</summary>
public static class DatasetLayouts
{
    /// <summary>Lists the videos of one part of a dataset, with the official labels (from 0) and class names.</summary>
    /// <param name="split">The official split, from 1, if there are several.</param>
    /// <exception cref="InputException">There is no such split; or a file is missing or wrong, and the message names it.</exception>
    public static VideoList Read(DatasetLayout layout, string root, DatasetPart part, int split = 1)
    {
        root = Path.GetFullPath(root);
        if (!Directory.Exists(root)) throw new InputException($"{root}: folder not found; {Source(layout)}");
        int splits = Splits(layout);
        if (split < 1 || split > splits)
        {
            throw new InputException($"{layout} has no split {split}; there {(splits == 1 ? "is one" : $"are {splits}")}");
        }
        return layout switch
        {
            DatasetLayout.Ucf101 => Ucf.Read101(root, part, split),
            DatasetLayout.Ucf11 => Ucf.Read11(root, part, split),
            DatasetLayout.Hmdb51 => Hmdb51.Read(root, part, split),
            DatasetLayout.Diving48 => Diving48.Read(root, part),
            DatasetLayout.Ssv2 => SomethingSomething.Read(root, part),
            DatasetLayout.UtInteraction => UtInteraction.Read(root, part, split),
            _ => ClassFolders.Read(root, part),
        };
    }

    /// <summary>Detects the layout from the files in a folder.</summary>
    public static DatasetLayout Detect(string root)
    {
        if (DatasetFiles.Find(root, Ucf.ClassesFile) is not null) return DatasetLayout.Ucf101;
        if (DatasetFiles.Find(root, Diving48.FileOf(DatasetPart.Train)) is not null) return DatasetLayout.Diving48;
        if (SomethingSomething.LabelFiles.Any(name => DatasetFiles.Find(root, name) is not null)) return DatasetLayout.Ssv2;
        if (Hmdb51.SplitFolder(root) is not null) return DatasetLayout.Hmdb51;
        if (Ucf.Has11(root)) return DatasetLayout.Ucf11;
        return UtInteraction.Has(root) ? DatasetLayout.UtInteraction : DatasetLayout.Folders;
    }

    /// <summary>The number of official splits.</summary>
    public static int Splits(DatasetLayout layout) => layout switch
    {
        DatasetLayout.Ucf101 or DatasetLayout.Hmdb51 => 3,
        DatasetLayout.Ucf11 => 25,
        DatasetLayout.UtInteraction => UtInteraction.Splits,
        _ => 1,
    };

    /// <summary>One line on where to get a dataset; nothing is downloaded.</summary>
    public static string Source(DatasetLayout layout) => layout switch
    {
        DatasetLayout.Ucf101 => "UCF101.rar (6.5 GB) and UCF101TrainTestSplits-RecognitionTask.zip are at "
            + "https://www.crcv.ucf.edu/data/UCF101.php; unpack both into one folder",
        DatasetLayout.Ucf11 => "UCF11_updated_mpg.rar is at https://www.crcv.ucf.edu/data/UCF_YouTube_Action.php",
        DatasetLayout.Hmdb51 => "hmdb51_org.rar (2 GB, with a .rar per class) and test_train_splits.rar are at "
            + "https://serre-lab.clps.brown.edu/resource/hmdb-a-large-human-motion-database/; unpack all into one folder",
        DatasetLayout.Diving48 => "Diving48_rgb.tar.gz (10 GB) and the JSON files of version 2 are at "
            + "http://www.svcl.ucsd.edu/projects/resound/dataset.html; unpack all into one folder",
        DatasetLayout.Ssv2 => "the videos (20 GB, in parts) and the annotations are at "
            + "https://www.qualcomm.com/developer/software/something-something-v-2-dataset, after registration; unpack all into one folder",
        DatasetLayout.UtInteraction => "ut-interaction_segmented_set1.zip and _set2.zip (SDHA 2010; free for research that cites it) are "
            + "at https://cvrc.ece.utexas.edu/SDHA2010/Human_Interaction.html; unpack one or both into one folder",
        _ => "make a folder for each class and put its videos into it",
    };
}
