using System.Net;
using Microsoft.Data.Analysis;
using Microsoft.DotNet.Interactive.Formatting;
using Plotly.NET;
using TimeSformer.Checkpoints;
using TimeSformer.Data;
using TimeSformer.Experiments;
using TimeSformer.Torch;
using TimeSformer.Training;
using static TorchSharp.torch;

namespace TimeSformer.Notebooks;

/// <summary>What notebooks call: registers how values are shown, and trains with a progress bar.</summary>
public static class Notebook
{
    private static readonly NotebookFigures figures = new();

    /// <summary>
    /// Registers how a notebook shows values from now on: a tensor with its shape and values, or as a picture if its shape is a picture's;
    /// a clip as its frames; tables and figures in HTML that needs no network.
    /// </summary>
    /// <exception cref="NativeLibraryException">libtorch is missing or incompatible.</exception>
    public static void Register()
    {
        NativeLibraries.LoadTorch();
        FigureStyle.Use();
        Formatter.Register<Tensor>(tensor => TensorHtml.Of(tensor), HtmlFormatter.MimeType);
        Formatter.Register<VideoClip>(clip => Show.Clip(clip.Frames, $"class {clip.Video.Label}").ToString()!, HtmlFormatter.MimeType);
        Formatter.Register<TrainingProgress>(Html, HtmlFormatter.MimeType);
        Formatter.Register<DataFrame>(DataFrameHtml.Of, HtmlFormatter.MimeType);
        Formatter.Register<GenericChart>(figures.Html, HtmlFormatter.MimeType);
        Formatter.Register<GenericChart>(FigureHtml.Data, FigureHtml.DataType);
        Formatter.Register<GenericChart>(_ => "a figure", PlainTextFormatter.MimeType);
        Formatter.SetPreferredMimeTypesFor(typeof(GenericChart), FigureHtml.DataType, HtmlFormatter.MimeType);
        Formatter.Register<LoadReport>(Html, HtmlFormatter.MimeType);
    }

    /// <summary>A progress bar with speed and time left that updates in place, for <see cref="Trainer.OnStep"/>.</summary>
    public static Action<TrainingProgress> ProgressBar()
    {
        DisplayedValue? bar = null;
        var last = DateTime.MinValue;
        return progress =>
        {
            // A tiny model steps faster than a page redraws.
            bool isRecent = DateTime.UtcNow - last < TimeSpan.FromMilliseconds(200);
            if (bar is not null && isRecent && progress.Step < progress.Steps) return;
            last = DateTime.UtcNow;
            if (bar is null) bar = progress.Display();
            else bar.Update(progress);
        };
    }

    /// <summary>Trains in a folder with a progress bar, for <see cref="RecipeInputs.Train"/> and <see cref="StudyRunner.Run"/>.</summary>
    /// <exception cref="RecipeException">The recipe does not fit its data.</exception>
    /// <exception cref="IOException">A list or checkpoint cannot be read or written.</exception>
    public static TrainingResult Train(Recipe recipe, string run, CancellationToken cancel = default) =>
        new Trainer(recipe, run) { OnStep = ProgressBar(), OnWarning = Console.WriteLine }.Run(cancel);

    private static string Html(LoadReport report) =>
        $"""<pre style="overflow-x:auto;white-space:pre">{WebUtility.HtmlEncode(report.ToString())}</pre>""";

    private static string Html(TrainingProgress progress) => FormattableString.Invariant($"""
        <div style="max-width:40em;line-height:1.5">
        <div style="height:.7em;border-radius:.35em;background:rgba(128,128,128,.25);overflow:hidden">
        <div style="width:{100.0 * progress.Step / progress.Steps:0.0}%;height:100%;background:#2b6cb0"></div></div>
        epoch {progress.Epoch + 1}/{progress.Epochs}, step {progress.Step}/{progress.Steps}, loss {progress.Loss:0.000},
        {progress.ClipsPerSecond:0} clips/s, {(int)progress.Remaining.TotalHours}:{progress.Remaining:mm\:ss} left</div>
        """);
}
