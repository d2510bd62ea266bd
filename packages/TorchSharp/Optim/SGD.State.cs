using System;
using System.Collections.Generic;
using System.IO;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

public partial class SGD
{
    public class Options : OptimizerOptions
    {
        public double? momentum;
        public double? dampening;
        public double? weight_decay;
        public bool? nesterov;
        public bool? maximize;

        public override void SaveStateDict(BinaryWriter writer)
        {
            base.SaveStateDict(writer);
            writer.Write(momentum!.Value);
            writer.Write(dampening!.Value);
            writer.Write(weight_decay!.Value);
            writer.Write(nesterov!.Value);
            writer.Write(maximize!.Value);
        }

        public override void LoadStateDict(BinaryReader reader)
        {
            base.LoadStateDict(reader);
            momentum = reader.ReadDouble();
            dampening = reader.ReadDouble();
            weight_decay = reader.ReadDouble();
            nesterov = reader.ReadBoolean();
            maximize = reader.ReadBoolean();
        }

        public override void LoadStateDict(OptimizerOptions source)
        {
            base.LoadStateDict(source);
            var other = SameKind<Options>(source);
            (momentum, dampening, weight_decay, nesterov, maximize) = (other.momentum, other.dampening, other.weight_decay, other.nesterov, other.maximize);
        }
    }

    public sealed class State : OptimizerState, IDisposable
    {
        /// <summary>Null before the first step with momentum.</summary>
        public Tensor? momentum_buffer;

        public State(Parameter parameter)
            : base(parameter)
        {
        }

        public override void Initialize(OptimizerOptions options) => Replace(ref momentum_buffer, null);

        public override void SaveStateDict(BinaryWriter writer) => SaveConditionalStateTensor(writer, momentum_buffer);

        public override void LoadStateDict(BinaryReader reader) => LoadConditionalStateTensor(reader, ref momentum_buffer, _parameter.device);

        public override void LoadStateDict(OptimizerState source) =>
            Replace(ref momentum_buffer, Copy(OptimizerOptions.SameKind<State>(source).momentum_buffer, _parameter.device));

        public override bool ApproximatelyEquals(OptimizerState other) =>
            other is State { momentum_buffer: var buffer } && (momentum_buffer is null ? buffer is null : buffer is not null && momentum_buffer.allclose(buffer));

        public override void to(Device device) => Replace(ref momentum_buffer, Copy(momentum_buffer, device));

        public void Dispose() => Replace(ref momentum_buffer, null);
    }

    public class ParamGroup : ParamGroup<Options>, optim.IMomentum
    {
        public ParamGroup()
        {
        }

        public ParamGroup(IEnumerable<Parameter> parameters, Options options)
            : base(parameters, options)
        {
        }

        public ParamGroup(IEnumerable<Parameter> parameters, double lr = 0.001, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
            : base(parameters, new Options { LearningRate = lr, momentum = momentum, dampening = dampening, weight_decay = weight_decay, nesterov = nesterov, maximize = maximize })
        {
        }

        public double Momentum
        {
            get => Options.momentum!.Value;
            set => Options.momentum = value;
        }
    }
}
