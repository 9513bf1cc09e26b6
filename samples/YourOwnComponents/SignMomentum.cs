using Involute.Tasks;
using Involute.Tasks.Components;
using Involute.Tasks.Numerics;
using Involute.Tasks.Optimizers;

namespace YourOwnComponents;

/// <summary>What a configuration may say of the optimizer: where theta starts.</summary>
[Component("sign-momentum", "steps of one size against the sign of a moving average of gradients")]
public sealed record SignMomentumOptions : OptimizerOptions
{
    [Option("Size of a step that theta starts at.", Least = 0, AboveLeast = true, Most = 10)]
    public double LearningRate { get; init; } = 0.01;

    [Option("Decay of the average that theta starts at.", Least = 0, Most = 1, BelowMost = true)]
    public double Decay { get; init; } = 0.9;

    public override ILearnedOptimizer Create() => new SignMomentum(LearningRate, Decay);
}

/// <summary>m ← d · m + (1 − d) · g, p ← p − lr · sign(m), with lr = exp(theta₀), d = 1 − exp(theta₁).</summary>
public sealed class SignMomentum(double learningRate, double decay) : ILearnedOptimizer
{
    public string Name => "sign-momentum";

    public ThetaLayout Layout { get; } = new(("log_lr", []), ("log_one_minus_decay", []));

    public void InitialTheta(long seed, Span<float> theta)
    {
        theta[0] = (float)PortableMath.Log(learningRate);
        theta[1] = (float)PortableMath.Log(1 - decay);
    }

    public int StateLength(IReadOnlyList<TensorSlice> parameters) =>
        AlignedBuffer.Padded(parameters[^1].Offset + parameters[^1].Length);

    public void Initialise(IReadOnlyList<TensorSlice> parameters, int horizon, Span<float> state) => state.Clear();

    // The padding behind the parameters is zero and stays so: the sign of 0 is 0.
    public void Update(
        ReadOnlySpan<float> theta,
        IReadOnlyList<TensorSlice> tensors,
        Span<float> parameters,
        Span<float> state,
        ReadOnlySpan<float> gradient)
    {
        var (step, rate) = ((float)PortableMath.Exp(theta[0]), (float)PortableMath.Exp(theta[1]));
        for (var i = 0; i < parameters.Length; i++)
        {
            state[i] += rate * (gradient[i] - state[i]);
            parameters[i] -= step * float.Sign(state[i]);
        }
    }
}
