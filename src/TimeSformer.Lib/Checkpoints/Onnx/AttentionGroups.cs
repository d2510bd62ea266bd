using TimeSformer.Models.Attention;
using static TorchSharp.torch;

namespace TimeSformer.Checkpoints.Onnx;

/// <summary>
/// The groups of an attention step, as a graph's constants: indices of a clip's tokens (B, 1 + N·T, D), of which the first is the class
/// token's, and of the tokens of all sequences one after another, each with its copy of the class token if the step has them.
/// </summary>
/// <param name="Sequences">For each length that occurs, the clip's tokens of its sequences and how many sequences they are.</param>
/// <param name="Copies">Where the copies of the class token stand among the sequences' tokens; null if there are none.</param>
/// <param name="Places">Where the patches stand among them, in the order of the clip's tokens.</param>
internal sealed record AttentionGroups(
    AttentionStep Step, IReadOnlyList<(string Tokens, long Count, long Length)> Sequences, string? Copies, string Places)
{
    public static AttentionGroups Of(AttentionStep step, TokenGrid grid, OnnxGraph graph)
    {
        using var scope = NewDisposeScope();
        var sequences = step.Tokens(grid, CPU);                                                       // each (G, L)
        // Sorted by token, the copies come first, then the patches in the order of the clip.
        var order = cat([.. sequences.Select(tokens => tokens.flatten())]).argsort();
        long patches = grid.Patches * grid.Frames, copies = order.shape[0] - patches;
        return new(
            step,
            [
                .. sequences.Select((tokens, part) =>
                    (graph.Constant($"{step.Name}.tokens.{part}", tokens.flatten()), tokens.shape[0], tokens.shape[1])),
            ],
            copies == 0 ? null : graph.Constant($"{step.Name}.copies", order.narrow(0, 0, copies)),
            graph.Constant($"{step.Name}.places", order.narrow(0, copies, patches)));
    }
}
