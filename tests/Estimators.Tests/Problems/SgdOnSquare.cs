using System.Numerics;
using Involute.Tasks;
using Involute.Tasks.Numerics;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators.Tests.Problems;

/// <summary>f = p² from p = 1, by gradient descent with lr = exp(theta); loss before the update (semantics.md 10.2).</summary>
internal sealed class SgdOnSquare<T>(double learningRate) : IStepFunction<T>
    where T : struct, IFloatingPointIeee754<T>
{
    public string Name => "square";

    public ThetaLayout Layout { get; } = new(("log_lr", []));

    public int StateLength => 1;

    public void InitialTheta(long seed, Span<T> theta) =>
        theta[0] = T.CreateChecked(PortableMath.Log(learningRate));

    public void Initialise(ReadOnlySpan<T> theta, Trajectory trajectory, Span<T> state) => state[0] = T.One;

    public T Step(ReadOnlySpan<T> theta, StepKey key, Span<T> state)
    {
        var loss = state[0] * state[0];
        var lr = T.CreateChecked(PortableMath.Exp(double.CreateChecked(theta[0])));
        state[0] -= lr * (state[0] + state[0]);
        return loss;
    }
}
