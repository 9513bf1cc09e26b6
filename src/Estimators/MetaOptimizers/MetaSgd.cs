using System.Numerics;
using System.Runtime.CompilerServices;
using Involute.Tasks.Components;

namespace Involute.Estimators.MetaOptimizers;

/// <summary>Options of <see cref="MetaSgd{T}"/>.</summary>
[Component("sgd", "gradient descent on theta", Theirs = ["SGD"])]
public sealed record MetaSgdOptions : MetaOptimizerOptions
{
    /// <inheritdoc/>
    [Option("Factor of the gradient.", Least = 0, AboveLeast = true, Most = 1000, MayChangeAtStep = true)]
    public override double LearningRate { get; init; } = 0.01;

    /// <inheritdoc/>
    protected override IMetaOptimizer<T> Rule<T>(double learningRate) => new MetaSgd<T>(learningRate);
}

/// <summary>theta ← theta − lr · g.</summary>
public sealed class MetaSgd<T>(double learningRate) : IMetaOptimizer<T>
    where T : struct, IFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public string Name => "sgd";

    /// <inheritdoc/>
    public int StateLength(int thetaLength) => 0;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Update(Span<T> theta, Span<double> state, ReadOnlySpan<double> gradient)
    {
        for (var i = 0; i < theta.Length; i++)
        {
            theta[i] = T.CreateTruncating(double.CreateTruncating(theta[i]) - (learningRate * gradient[i]));
        }
    }
}
