using static TorchSharp.torch;

namespace TorchSharp.Tests.Data;

public class CollationTests
{
    private sealed class Named : utils.data.Dataset
    {
        public override long Count => 5;

        public override Dictionary<string, Tensor> GetTensor(long index) => new() { ["square"] = tensor(index * index), ["pair"] = tensor(new[] { index, -index }) };
    }

    [Fact]
    public void A_data_set_of_names_gives_batches_of_names()
    {
        long before = LiveTensors.Settled();
        using var scope = NewDisposeScope(); // for what the test itself makes
        using (var loader = utils.data.DataLoader(new Named(), 3, num_worker: 2))
        {
            var shapes = loader.Select(batch => (batch["square"].shape[0], batch["pair"].shape[0], batch["pair"].shape[1], batch["square"].sum().item<long>()));
            Assert.Equal([(3, 3, 2, 5), (2, 2, 2, 25)], shapes);
        }
        using (var chosen = utils.data.DataLoader(new Named(), 2, [4, 0, 2]))
        {
            Assert.Equal([16, 4], chosen.Select(batch => batch["square"].sum().item<long>()));
        }
        scope.DisposeEverything();
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void A_tensor_data_set_gives_the_rows_of_its_tensors()
    {
        using var x = arange(12, dtype: ScalarType.Float32).reshape(6, 2);
        using var y = arange(6);
        using (var data = utils.data.TensorDataset(x, y))
        using (var loader = utils.data.DataLoader(data, 4, shuffle: true, seed: 1, num_worker: 2))
        {
            Assert.Equal(6, data.Count);
            Assert.Equal(3, data[3][1].item<long>());
            var labels = new List<long>();
            foreach (var batch in loader)
            {
                Assert.Equal([batch[1].shape[0], 2], batch[0].shape);
                Assert.True(batch[0][.., 0].Equals((batch[1] * 2).to(ScalarType.Float32)));
                labels.AddRange(batch[1].data<long>());
            }
            Assert.Equal([0L, 1, 2, 3, 4, 5], labels.Order());
            Assert.NotEqual([0L, 1, 2, 3, 4, 5], labels);
        }
        Assert.False(x.IsInvalid || y.IsInvalid); // the data set held aliases
    }

    [Fact]
    public void A_tensor_data_set_needs_tensors_of_one_length()
    {
        using var two = ones(2);
        using var three = ones(3);
        Assert.Throws<ArgumentException>(() => utils.data.TensorDataset(two, three));
        Assert.Throws<ArgumentNullException>(() => utils.data.TensorDataset());
    }

    [Fact]
    public void A_batch_goes_to_the_loaders_device()
    {
        using var x = ones(4, 2);
        using var loader = utils.data.DataLoader(utils.data.TensorDataset(x), 2, device: new Device("meta"));
        Assert.All(loader, batch => Assert.True(batch[0].is_meta));
    }
}
