namespace TimeSformer.Data.Layouts;

/// <summary>Turns a data set's folder into a list of videos.</summary>
public static class DatasetLayouts
{
    /// <summary>The videos of a part of a data set, with labels and class names as its makers number them.</summary>
    /// <param name="layout">How it lies on disk.</param>
    /// <param name="root">Its folder.</param>
    /// <param name="part">Training or validation.</param>
    /// <param name="split">Which of the official splits, from 1, where there are several.</param>
    /// <exception cref="InputException">A file or folder is missing; the message says which, and where the data set is to be had.</exception>
    /// <exception cref="InputException">An annotation is wrong; the message names file and line.</exception>
    public static VideoList Read(DatasetLayout layout, string root, DatasetPart part, int split = 1)
    {
        root = Path.GetFullPath(root);
        if (!Directory.Exists(root)) throw new InputException($"{root}: folder not found; {Source(layout)}");
        if (split < 1 || split > Splits(layout)) throw new InputException($"{layout} has no split {split}; there {(Splits(layout) == 1 ? "is one" : $"are {Splits(layout)}")}");
        return layout switch
        {
            DatasetLayout.Ucf101 => Ucf.Read101(root, part, split),
            DatasetLayout.Ucf11 => Ucf.Read11(root, part, split),
            DatasetLayout.Hmdb51 => Hmdb51.Read(root, part, split),
            DatasetLayout.Diving48 => Diving48.Read(root, part),
            DatasetLayout.Ssv2 => SomethingSomething.Read(root, part),
            _ => ClassFolders.Read(root, part),
        };
    }

    /// <summary>The layout that the files in a folder show.</summary>
    public static DatasetLayout Detect(string root)
    {
        if (DatasetFiles.Find(root, Ucf.ClassesFile) is not null) return DatasetLayout.Ucf101;
        if (DatasetFiles.Find(root, Diving48.FileOf(DatasetPart.Train)) is not null) return DatasetLayout.Diving48;
        if (SomethingSomething.LabelFiles.Any(name => DatasetFiles.Find(root, name) is not null)) return DatasetLayout.Ssv2;
        if (Hmdb51.SplitFolder(root) is not null) return DatasetLayout.Hmdb51;
        return Ucf.Has11(root) ? DatasetLayout.Ucf11 : DatasetLayout.Folders;
    }

    /// <summary>Official splits of a data set.</summary>
    public static int Splits(DatasetLayout layout) => layout switch
    {
        DatasetLayout.Ucf101 or DatasetLayout.Hmdb51 => 3,
        DatasetLayout.Ucf11 => 25,
        _ => 1,
    };

    /// <summary>Where to get a data set, in a line. Nothing here downloads.</summary>
    public static string Source(DatasetLayout layout) => layout switch
    {
        DatasetLayout.Ucf101 => "UCF101.rar (6.5 GB) and UCF101TrainTestSplits-RecognitionTask.zip are at https://www.crcv.ucf.edu/data/UCF101.php; unpack both into one folder",
        DatasetLayout.Ucf11 => "UCF11_updated_mpg.rar is at https://www.crcv.ucf.edu/data/UCF_YouTube_Action.php",
        DatasetLayout.Hmdb51 => "hmdb51_org.rar (2 GB, with a .rar for each class) and test_train_splits.rar are at https://serre-lab.clps.brown.edu/resource/hmdb-a-large-human-motion-database/; unpack all into one folder",
        DatasetLayout.Diving48 => "Diving48_rgb.tar.gz (10 GB) and the second version's JSON files are at http://www.svcl.ucsd.edu/projects/resound/dataset.html; unpack all into one folder",
        DatasetLayout.Ssv2 => "the videos (20 GB, in parts) and the annotations are at https://www.qualcomm.com/developer/software/something-something-v-2-dataset, after registration; unpack all into one folder",
        _ => "make a folder for each class and put its videos into it",
    };
}
