namespace TimeSformer.Tests.Training;

/// <summary>When the numbers of a step are read: on a GPU, reading waits for it.</summary>
public sealed class PendingStepsTests() : TensorTests(gradients: false)
{
    private readonly List<long> read = [];

    [Fact]
    public void On_the_cpu_a_step_is_read_at_once()
    {
        using var steps = new PendingSteps(CPU, step => read.Add(step.Step));
        steps.Add(Step(1));
        Assert.Equal([1], read);
        steps.Add(Step(2));
        Assert.Equal([1, 2], read);
    }

    [Fact]
    public void On_a_gpu_a_step_is_read_after_the_next_one_is_queued()
    {
        using var steps = new PendingSteps(new Device("cuda"), step => read.Add(step.Step));
        steps.Add(Step(1));
        Assert.Empty(read);
        steps.Add(Step(2));
        Assert.Equal([1], read);
        steps.ReadAll();
        steps.ReadAll();
        Assert.Equal([1, 2], read);
    }

    [Fact]
    public void A_loss_is_the_sum_of_its_micro_batches_without_the_scale()
    {
        using var step = new PendingStep(1, 0, 0.1, new GradScaler(Scale: 8), [tensor(8f), tensor(4f)], null);
        Assert.Equal(1.5, step.ReadLoss());
        Assert.True(step.HasFiniteGradients());
        Assert.False((step with { GradientNorm = tensor(float.NaN) }).HasFiniteGradients());
    }

    [Fact]
    public void What_is_not_read_is_disposed()
    {
        var loss = tensor(1f);
        using (var steps = new PendingSteps(new Device("cuda"), _ => Assert.Fail())) steps.Add(new(1, 0, 0.1, null, [loss], null));
        Assert.True(loss.IsInvalid);
    }

    private static PendingStep Step(long number) => new(number, 0, 0.1, null, [tensor(1f)], null);
}
