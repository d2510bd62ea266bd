using System.Net;
using Microsoft.DotNet.Interactive.Formatting;
using TimeSformer.Checkpoints;
using TimeSformer.Data;
using TimeSformer.Training;
using static TorchSharp.torch;

namespace TimeSformer.Notebooks;

/// <summary>What a notebook calls once: how tensors and clips are shown, and a progress bar for training.</summary>
public static class Notebook
{
    /// <summary>From now on a tensor that a cell ends with is shown with its shape, values and, where it is one, as a picture; a clip as its frames.</summary>
    public static void Register()
    {
        Formatter.Register<Tensor>(tensor => TensorHtml.Of(tensor), HtmlFormatter.MimeType);
        Formatter.Register<VideoClip>(clip => Show.Clip(clip.Frames, $"class {clip.Label}").ToString()!, HtmlFormatter.MimeType);
        Formatter.Register<TrainingProgress>(progress => ProgressHtml.Of(progress), HtmlFormatter.MimeType);
        Formatter.Register<LoadReport>(report => $"""<pre style="overflow-x:auto;white-space:pre">{WebUtility.HtmlEncode(report.ToString())}</pre>""", HtmlFormatter.MimeType);
    }

    /// <summary>Shows a training run's progress in the cell: a bar with rate and time left that moves in place. Give it to <see cref="Trainer.OnStep"/>.</summary>
    public static Action<TrainingProgress> ProgressBar()
    {
        DisplayedValue? bar = null;
        var last = DateTime.MinValue;
        return progress =>
        {
            // A page redraws slower than a tiny model steps.
            if (bar is not null && progress.Step < progress.Steps && DateTime.UtcNow - last < TimeSpan.FromMilliseconds(200)) return;
            last = DateTime.UtcNow;
            if (bar is null) bar = progress.Display();
            else bar.Update(progress);
        };
    }
}
