using Microsoft.AspNetCore.Html;
using TimeSformer.Models.Attention;
using static TorchSharp.torch;

namespace TimeSformer.Notebooks;

/// <summary>The HTML of <see cref="Show.Schemes"/>: the groups that the models attend in, and a script that colors them.</summary>
internal static class SchemeExplorer
{
    private const int MostPatches = 4096;
    private const int WidthOnPage = 560;

    private static readonly Dictionary<AttentionScheme, string> names = new()
    {
        [AttentionScheme.SpaceOnly] = "Space",
        [AttentionScheme.JointSpaceTime] = "Joint space-time",
        [AttentionScheme.DividedSpaceTime] = "Divided space-time",
        [AttentionScheme.SparseLocalGlobal] = "Sparse local-global",
        [AttentionScheme.Axial] = "Axial",
    };

    public static IHtmlContent Html(TokenGrid grid)
    {
        if (grid.Frames <= 0 || grid.Height <= 0 || grid.Width <= 0 || grid.Frames * grid.Patches > MostPatches)
        {
            throw new ArgumentException($"{grid.Frames} frames of {grid.Height}x{grid.Width} patches cannot be drawn; "
                + $"sizes must be positive, with at most {MostPatches} patches");
        }
        var data = new
        {
            grid.Frames, grid.Height, grid.Width,
            Start = (int)AttentionScheme.DividedSpaceTime,
            Schemes = Enum.GetValues<AttentionScheme>().Select(scheme => new
            {
                Name = names.GetValueOrDefault(scheme, $"{scheme}"),
                Steps = from step in AttentionStep.Of(scheme)
                        select new { step.Name, WithClass = step.WithClassToken, Groups = GroupOfEach(step, grid) },
            }),
        };
        long size = Math.Clamp((WidthOnPage / Math.Min(grid.Frames, 4) - 14) / grid.Width - 2, 8, 26);
        return new HtmlString(EmbeddedPage.File("SchemeExplorer.html").Replace("WIDTH", $"{grid.Width}").Replace("SIZE", $"{size}")
            .Replace("ID", $"schemes{Guid.NewGuid():N}").Replace("DATA", EmbeddedPage.Json(data)));
    }

    // The index of each patch's group, in the order of the tokens.
    private static int[] GroupOfEach(AttentionStep step, TokenGrid grid)
    {
        using var scope = NewDisposeScope();
        var groupOf = new int[grid.Frames * grid.Patches];
        int number = 0;
        foreach (var groups in step.Groups(grid, CPU))
        {
            var places = groups.data<long>().ToArray();
            for (int k = 0; k < places.Length; k++) groupOf[places[k]] = number + (int)(k / groups.shape[1]);
            number += (int)groups.shape[0];
        }
        return groupOf;
    }
}
