using System.Security.Cryptography;
using System.Text;
using TimeSformer.Data;
using TimeSformer.Data.Layouts;

namespace TimeSformer.Training;

/// <summary>Turns whatever videos a recipe names into lists, which is what a run trains on.</summary>
public static class RecipeVideos
{
    /// <summary>The recipe with lists: of procedural videos, which are written, or of a data set in its own layout. Lists and videos go into a folder of their own below the given one.</summary>
    /// <param name="recipe">A recipe; one that names lists is returned as it is.</param>
    /// <param name="folder">Where they are kept.</param>
    /// <param name="progress">Told the number of videos written so far.</param>
    /// <param name="cancel">Ends the writing.</param>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    /// <exception cref="InvalidDataException">The data set's annotations are wrong.</exception>
    public static Recipe Materialise(Recipe recipe, string folder, IProgress<int>? progress = null, CancellationToken cancel = default)
    {
        if (recipe.Data.Layout is not { } layout) return ProceduralRecipe.Materialise(recipe, folder, progress, cancel);
        var (root, split) = (Path.GetFullPath(recipe.Data.Root!), recipe.Data.Split);
        var home = Path.GetFullPath(Path.Combine(folder, FolderName($"{layout}-{split}", root)));
        Directory.CreateDirectory(home);
        string Write(DatasetPart part, string name)
        {
            var (videos, path) = (DatasetLayouts.Read(layout, root, part, split), Path.Combine(home, name));
            File.WriteAllLines(Path.Combine(home, VideoList.ClassesName), videos.Classes);
            VideoList.Write(path, videos.Items);
            return path;
        }
        return recipe with { Data = recipe.Data with { Layout = null, Root = null, Split = 1, Train = Write(DatasetPart.Train, "train.txt"), Val = Write(DatasetPart.Val, "val.txt") } };
    }

    /// <summary>A folder name for what is made of a description: the kind, and eight digits that change with the description.</summary>
    internal static string FolderName(string kind, string description) =>
        $"{kind}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(description)))[..8]}".ToLowerInvariant();
}
