using TimeSformer.Training;

namespace TimeSformer.Notebooks;

/// <summary>A progress bar on a page.</summary>
internal static class ProgressHtml
{
    public static string Of(TrainingProgress progress) => FormattableString.Invariant($"""
        <div style="max-width:40em;line-height:1.5"><div style="height:.7em;border-radius:.35em;background:rgba(128,128,128,.25);overflow:hidden"><div style="width:{100.0 * progress.Step / progress.Steps:0.0}%;height:100%;background:#2b6cb0"></div></div>
        epoch {progress.Epoch + 1}/{progress.Epochs}, step {progress.Step}/{progress.Steps}, loss {progress.Loss:0.000}, {progress.ClipsPerSecond:0} clips/s, {progress.Remaining:mm\:ss} left</div>
        """);
}
