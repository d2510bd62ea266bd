using System.Net;
using Microsoft.Data.Analysis;
using Microsoft.DotNet.Interactive.Formatting;
using Plotly.NET;
using TimeSformer.Checkpoints;
using TimeSformer.Data;
using TimeSformer.Torch;
using TimeSformer.Training;
using static TorchSharp.torch;

namespace TimeSformer.Notebooks;

/// <summary>What a notebook calls once: how tensors, clips, tables and figures are shown, and a progress bar for training.</summary>
public static class Notebook
{
    private static readonly NotebookFigures figures = new();

    /// <summary>
    /// From now on a tensor that a cell ends with is shown with its shape, values and, where it is one, as a picture; a clip as its frames; a table
    /// and a figure as such, without any file from the network.
    /// </summary>
    /// <exception cref="NativeLibraryException">libtorch is missing or does not fit.</exception>
    public static void Register()
    {
        NativeLibraries.LoadTorch();
        FigureStyle.Use();
        Formatter.Register<Tensor>(tensor => TensorHtml.Of(tensor), HtmlFormatter.MimeType);
        Formatter.Register<VideoClip>(clip => Show.Clip(clip.Frames, $"class {clip.Label}").ToString()!, HtmlFormatter.MimeType);
        Formatter.Register<TrainingProgress>(progress => ProgressHtml.Of(progress), HtmlFormatter.MimeType);
        Formatter.Register<DataFrame>(DataFrameHtml.Of, HtmlFormatter.MimeType);
        Formatter.Register<GenericChart>(figures.Html, HtmlFormatter.MimeType);
        Formatter.Register<GenericChart>(FigureHtml.Data, FigureHtml.DataType);
        Formatter.Register<GenericChart>(_ => "a figure", PlainTextFormatter.MimeType);
        Formatter.SetPreferredMimeTypesFor(typeof(GenericChart), FigureHtml.DataType, HtmlFormatter.MimeType);
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
