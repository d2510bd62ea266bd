using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.NN;

public sealed class RecurrentTests : Scoped
{
    [Fact]
    public void An_lstm_follows_its_equations()
    {
        using var lstm = LSTM(3, 2, dtype: ScalarType.Float64);
        var x = randn(new long[] { 4, 1, 3 }, ScalarType.Float64);
        var p = lstm.state_dict();
        var (h, c) = (zeros(1, 2, ScalarType.Float64), zeros(1, 2, ScalarType.Float64));
        for (long t = 0; t < 4; t++)
        {
            var gates = x[t].matmul(p["weight_ih_l0"].t()) + p["bias_ih_l0"] + h.matmul(p["weight_hh_l0"].t()) + p["bias_hh_l0"];
            Tensor Gate(long k) => gates.narrow(1, 2 * k, 2);
            c = Gate(1).sigmoid() * c + Gate(0).sigmoid() * Gate(2).tanh();
            h = Gate(3).sigmoid() * c.tanh();
        }
        var (output, hidden, cell) = lstm.call(x);
        Compare.Near(h, hidden[0], 1e-9);
        Compare.Near(c, cell[0], 1e-9);
        Compare.Near(h, output[3], 1e-9);
    }

    [Fact]
    public void Batches_may_come_first_and_both_directions_be_read()
    {
        using var gru = GRU(3, 4, numLayers: 2, batchFirst: true, bidirectional: true);
        var (output, last) = gru.call(randn(5, 7, 3));
        Assert.Equal([5, 7, 8], output.shape);
        Assert.Equal([4, 5, 4], last.shape);
        Compare.Near(last[2], output[.., 6, ..4]);
        Compare.Near(last[3], output[.., 0, 4..]);
    }

    [Fact]
    public void A_sequence_may_go_on_from_a_state()
    {
        using var gru = GRU(2, 3);
        var x = randn(6, 1, 2);
        var (whole, end) = gru.call(x);
        var (_, middle) = gru.call(x[..4]);
        var (rest, last) = gru.call(x[4..], middle);
        Compare.Near(whole[4..], rest);
        Compare.Near(end, last);
    }

    [Fact]
    public void Attention_of_many_heads_is_attention_of_each_part()
    {
        using var attention = MultiheadAttention(6, 2);
        Assert.Equal(["in_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias"], attention.state_dict().Keys);
        var x = randn(5, 3, 6);
        var (output, weights) = attention.call(x, x, x);
        var parts = functional.linear(x, attention.get_parameter("in_proj_weight")!).view(5, 3, 3, 2, 3).permute(2, 1, 3, 0, 4);
        var heads = functional.scaled_dot_product_attention(parts[0], parts[1], parts[2]);
        var expected = functional.linear(heads.permute(2, 0, 1, 3).reshape(5, 3, 6), attention.get_parameter("out_proj.weight")!);
        Compare.Near(expected, output, 1e-5);
        Compare.Near(ones(3, 5), weights.sum(-1), 1e-5);
        Assert.Null(attention.call(x, x, x, need_weights: false).Item2);
    }

    [Fact]
    public void Attention_takes_masks_where_true_forbids()
    {
        using var attention = MultiheadAttention(4, 1, kdim: 3, vdim: 2);
        var (q, k, v) = (randn(2, 1, 4), randn(3, 1, 3), randn(3, 1, 2));
        var absent = tensor(new[] { true, false, true }).view(1, 3);
        Compare.Near([0, 1, 0, 0, 1, 0], attention.call(q, k, v, key_padding_mask: absent).Item2);
        var causal = ones(2, 3, ScalarType.Bool).triu(1);
        Compare.Near([1, 0, 0], attention.call(q, k, v, attn_mask: causal).Item2[0, 0]);
        Assert.Throws<NotSupportedException>(() => MultiheadAttention(4, 1, add_bias_kv: true));
    }
}
