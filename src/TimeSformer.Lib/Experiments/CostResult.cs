namespace TimeSformer.Experiments;

/// <summary>What one model of a cost study takes for a batch; one JSON file each.</summary>
/// <param name="Study">The study's name.</param>
/// <param name="Scale">The size.</param>
/// <param name="Point">The value's name on each axis.</param>
/// <param name="Hash">Of the recipe, <see cref="StudyRun.Hash"/>.</param>
/// <param name="Parameters">Weights of the model.</param>
/// <param name="Patches">Patches of a clip, N·T.</param>
/// <param name="MultiplyAdds">Of one clip, forward; worked out.</param>
/// <param name="Batch">Clips of a pass.</param>
/// <param name="ForwardSeconds">A forward pass without gradients: the median. Null where the model was not run, because its memory was not there.</param>
/// <param name="TrainingSeconds">A forward and a backward pass: the median; likewise.</param>
/// <param name="ForwardBytes">Most that the tensors of a forward pass took, above the weights and the clips.</param>
/// <param name="TrainingBytes">Likewise of a forward and a backward pass, gradients among it.</param>
/// <param name="PredictedTrainingBytes">What <see cref="Costs.ModelCost.TrainingMemory"/> says.</param>
/// <param name="Recipe">The recipe, YAML.</param>
/// <param name="Provenance">Code, library and machine.</param>
public sealed record CostResult(
    string Study, string Scale, IReadOnlyDictionary<string, string> Point, string Hash, long Parameters, long Patches, long MultiplyAdds, int Batch,
    double? ForwardSeconds, double? TrainingSeconds, long? ForwardBytes, long? TrainingBytes, long PredictedTrainingBytes, string Recipe, Provenance Provenance)
{
    /// <summary>All results in a folder, in the order of their names.</summary>
    public static IReadOnlyList<CostResult> ReadAll(string folder) => ResultFile.ReadAll<CostResult>(folder);
}
