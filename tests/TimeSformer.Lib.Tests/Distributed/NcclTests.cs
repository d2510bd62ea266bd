using TimeSformer.Distributed;

namespace TimeSformer.Tests.Distributed;

/// <summary>Sums on GPUs; needs one. More are needed to tell whether they add up.</summary>
public sealed class NcclTests() : TensorTests(gradients: true)
{
    [SkippableFact]
    public void One_process_keeps_its_own()
    {
        Skip.IfNot(cuda.is_available(), "no GPU");
        using var nccl = new Nccl(rank: 0, size: 1, Nccl.NewId(), device: 0);
        var values = randn(1 << 20, device: new Device("cuda"));
        var before = values.clone();
        for (int times = 0; times < 100; times++)
        {
            nccl.all_reduce(values);
            nccl.Wait();
        }
        Assert.True(values.equal(before).all().item<bool>());
    }

    [SkippableFact]
    public void Without_it_a_sentence_says_what_is_missing()
    {
        Skip.If(cuda.is_available(), "a GPU is there");
        var error = Assert.Throws<InputException>(() => Nccl.NewId());
        Assert.StartsWith("a library of CUDA is missing: ", error.Message);
    }
}
