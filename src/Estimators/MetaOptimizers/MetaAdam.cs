using System.Numerics;
using System.Runtime.CompilerServices;
using Involute.Tasks.Components;

namespace Involute.Estimators.MetaOptimizers;

/// <summary>Options of <see cref="MetaAdam{T}"/>.</summary>
[Component(
    "adam", "Adam on theta", Theirs = ["Adam"],
    Source = "Kingma and Ba, Adam: a method for stochastic optimization, ICLR 2015, algorithm 1")]
public sealed record MetaAdamOptions : MetaOptimizerOptions
{
    /// <inheritdoc/>
    [Option("Size of a step of theta, roughly.", Least = 0, AboveLeast = true, Most = 1000, MayChangeAtStep = true)]
    public override double LearningRate { get; init; } = 0.03;

    /// <summary>Decay of the first moment, in [0, 1).</summary>
    [Option(
        "Decay of the gradient's moving average. Lower it to forget noise sooner.", Least = 0, Most = 1,
        BelowMost = true)]
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the second moment, in [0, 1).</summary>
    [Option("Decay of the squared gradient's moving average.", Least = 0, Most = 1, BelowMost = true)]
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Addend of the denominator.</summary>
    [Option("Added to the denominator; not 0 together with epsilon-root.", Least = 0, Most = 1)]
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Addend inside the square root.</summary>
    [Option("Added to the squared average inside the square root.", Least = 0, Most = 1)]
    public double EpsilonRoot { get; init; } = 1e-8;

    /// <inheritdoc/>
    public override IEnumerable<OptionProblem> Check()
    {
        foreach (var problem in base.Check())
        {
            yield return problem;
        }

        if (Epsilon == 0 && EpsilonRoot == 0)
        {
            yield return new OptionProblem(
                "epsilon", "epsilon and epsilon-root are both 0, and a gradient entry of 0 would be divided by 0",
                "one of them greater than 0");
        }
    }

    /// <inheritdoc/>
    protected override IMetaOptimizer<T> Rule<T>(double learningRate) =>
        new MetaAdam<T>(learningRate, Beta1, Beta2, Epsilon, EpsilonRoot);
}

/// <summary>theta ← theta − lr · m̂ / (sqrt(v̂ + root) + ε).</summary>
/// <remarks>
/// Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015, algorithm 1; the reference system adds
/// <c>root</c> = 1e-8 inside the square root. Memory: m, v, then 1 − β₁ᵗ and 1 − β₂ᵗ as moving averages of 1.
/// </remarks>
public sealed class MetaAdam<T>(
    double learningRate, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double epsilonRoot = 1e-8)
    : IMetaOptimizer<T>
    where T : struct, IFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public string Name => "adam";

    /// <inheritdoc/>
    public int StateLength(int thetaLength) => (2 * thetaLength) + 2;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Update(Span<T> theta, Span<double> state, ReadOnlySpan<double> gradient)
    {
        var first = state[..theta.Length];
        var second = state.Slice(theta.Length, theta.Length);
        var corrections = state[(2 * theta.Length)..];
        corrections[0] += (1 - beta1) * (1 - corrections[0]);
        corrections[1] += (1 - beta2) * (1 - corrections[1]);
        for (var i = 0; i < theta.Length; i++)
        {
            first[i] += (1 - beta1) * (gradient[i] - first[i]);
            second[i] += (1 - beta2) * ((gradient[i] * gradient[i]) - second[i]);
            var denominator = Math.Sqrt((second[i] / corrections[1]) + epsilonRoot) + epsilon;
            var step = learningRate * (first[i] / corrections[0]) / denominator;
            theta[i] = T.CreateTruncating(double.CreateTruncating(theta[i]) - step);
        }
    }
}
