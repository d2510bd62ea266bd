using System;
using System.Collections.Generic;
using System.IO;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

public partial class AdamW
{
    public class Options : OptimizerOptions
    {
        public double? beta1;
        public double? beta2;
        public double? weight_decay;
        public double? eps;
        public bool? amsgrad;
        public bool? maximize;

        public override void SaveStateDict(BinaryWriter writer)
        {
            base.SaveStateDict(writer);
            writer.Write(beta1!.Value);
            writer.Write(beta2!.Value);
            writer.Write(eps!.Value);
            writer.Write(weight_decay!.Value);
            writer.Write(amsgrad!.Value);
            writer.Write(maximize!.Value);
        }

        public override void LoadStateDict(BinaryReader reader)
        {
            base.LoadStateDict(reader);
            beta1 = reader.ReadDouble();
            beta2 = reader.ReadDouble();
            eps = reader.ReadDouble();
            weight_decay = reader.ReadDouble();
            amsgrad = reader.ReadBoolean();
            maximize = reader.ReadBoolean();
        }

        public override void LoadStateDict(OptimizerOptions source)
        {
            base.LoadStateDict(source);
            var other = SameKind<Options>(source);
            (beta1, beta2, eps, weight_decay, amsgrad, maximize) = (other.beta1, other.beta2, other.eps, other.weight_decay, other.amsgrad, other.maximize);
        }
    }

    public sealed class State : OptimizerState, IDisposable
    {
        public long step;
        public Tensor exp_avg = null!;
        public Tensor exp_avg_sq = null!;

        /// <summary>Kept with amsgrad only.</summary>
        public Tensor? max_exp_avg_sq;

        public State(Parameter parameter)
            : base(parameter)
        {
        }

        public override void Initialize(OptimizerOptions options)
        {
            Dispose();
            using var _ = no_grad();
            step = 0;
            exp_avg = _parameter.zeros_like().DetachFromDisposeScope();
            exp_avg_sq = _parameter.zeros_like().DetachFromDisposeScope();
            max_exp_avg_sq = OptimizerOptions.SameKind<Options>(options).amsgrad is true ? _parameter.zeros_like().DetachFromDisposeScope() : null;
        }

        public override void SaveStateDict(BinaryWriter writer)
        {
            writer.Write(step);
            exp_avg.Save(writer);
            exp_avg_sq.Save(writer);
            SaveConditionalStateTensor(writer, max_exp_avg_sq);
        }

        public override void LoadStateDict(BinaryReader reader)
        {
            step = reader.ReadInt64();
            exp_avg.Load(reader);
            exp_avg_sq.Load(reader);
            LoadConditionalStateTensor(reader, ref max_exp_avg_sq, _parameter.device);
        }

        public override void LoadStateDict(OptimizerState source)
        {
            var other = OptimizerOptions.SameKind<State>(source);
            step = other.step;
            Take(other, _parameter.device);
        }

        public override bool ApproximatelyEquals(OptimizerState other) =>
            other is State same && step == same.step && exp_avg.allclose(same.exp_avg) && exp_avg_sq.allclose(same.exp_avg_sq)
            && (max_exp_avg_sq is null ? same.max_exp_avg_sq is null : same.max_exp_avg_sq is not null && max_exp_avg_sq.allclose(same.max_exp_avg_sq));

        public override void to(Device device) => Take(this, device);

        private void Take(State other, Device device)
        {
            var (average, square, maximum) = (Copy(other.exp_avg, device)!, Copy(other.exp_avg_sq, device)!, Copy(other.max_exp_avg_sq, device));
            Dispose();
            (exp_avg, exp_avg_sq, max_exp_avg_sq) = (average, square, maximum);
        }

        public void Dispose()
        {
            exp_avg?.Dispose();
            exp_avg_sq?.Dispose();
            max_exp_avg_sq?.Dispose();
        }
    }

    public class ParamGroup : ParamGroup<Options>, optim.IBetas
    {
        public ParamGroup()
        {
        }

        public ParamGroup(IEnumerable<Parameter> parameters, Options options)
            : base(parameters, options)
        {
        }

        public ParamGroup(IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            : base(parameters, new Options { LearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay, amsgrad = amsgrad, maximize = maximize })
        {
        }

        public (double, double) Betas
        {
            get => (Options.beta1!.Value, Options.beta2!.Value);
            set => (Options.beta1, Options.beta2) = value;
        }
    }
}
