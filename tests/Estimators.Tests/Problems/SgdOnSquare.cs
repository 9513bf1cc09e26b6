using System.Numerics;
using Involute.Tasks;
using Involute.Tasks.Numerics;
using Involute.Tasks.Randomness;
using Involute.Tasks.Tangents;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators.Tests.Problems;

/// <summary>f = p² from p = 1, by gradient descent with lr = exp(theta); loss before the update.</summary>
internal sealed class SgdOnSquare<T>(double learningRate) : IDifferentiableStep<T>
    where T : struct, IFloatingPointIeee754<T>
{
    public string Name => "square";

    public ThetaLayout Layout { get; } = new(("log_lr", []));

    public int StateLength => 1;

    public void InitialTheta(long seed, Span<T> theta) =>
        theta[0] = T.CreateChecked(PortableMath.Log(learningRate));

    public void Initialise<TNumber>(ReadOnlySpan<TNumber> theta, Trajectory trajectory, Span<TNumber> state)
        where TNumber : struct, IStepNumber<TNumber, T> =>
        state[0] = TNumber.Constant(T.One);

    public TNumber Step<TNumber>(ReadOnlySpan<TNumber> theta, StepKey key, Span<TNumber> state)
        where TNumber : struct, IStepNumber<TNumber, T>
    {
        var loss = state[0] * state[0];
        state[0] -= TNumber.Exp(theta[0]) * (state[0] + state[0]);
        return loss;
    }
}
