using System.Diagnostics;

namespace Involute.Hosting.Configuration;

/// <summary>What applies the meta-gradient to theta.</summary>
public abstract record MetaOptimizerSettings
{
    private protected MetaOptimizerSettings(double learningRate, Clipping clipping) =>
        (LearningRate, Clipping) = (learningRate, clipping);

    /// <summary>A name of <see cref="KnownNames.MetaOptimizers"/>.</summary>
    public abstract string Name { get; }

    /// <summary>Step size on theta.</summary>
    public double LearningRate { get; }

    /// <summary>What is done to the gradient first.</summary>
    public Clipping Clipping { get; }

    internal abstract IEnumerable<Setting> Options { get; }

    private protected IEnumerable<Setting> ClippingOptions =>
        [new("clip-value", HoconText.Of(Clipping.Value)), new("clip-norm", HoconText.Of(Clipping.Norm))];

    internal static MetaOptimizerSettings Read(BlockReader block)
    {
        var name = block.Name(KnownNames.MetaOptimizers);
        var learningRate = block.Number("learning-rate", new NumberRange(0, 1000, AboveLeast: true));
        var clipping = new Clipping(
            block.Number("clip-value", Ranges.LimitOrOff), block.Number("clip-norm", Ranges.LimitOrOff));
        MetaOptimizerSettings settings = name switch
        {
            KnownNames.Adam => new MetaAdamSettings(
                learningRate,
                block.Number("beta1", Ranges.Decay),
                block.Number("beta2", Ranges.Decay),
                block.Number("epsilon", new NumberRange(0, 1)),
                block.Number("epsilon-root", new NumberRange(0, 1)),
                clipping),
            KnownNames.Sgd => new MetaSgdSettings(learningRate, clipping),
            _ => throw new UnreachableException($"the table of meta-optimizers has {name}, the reader has not"),
        };
        block.Finish();
        return settings;
    }
}

/// <summary>Limits of the gradient: each entry first, then the Euclidean norm of the whole.</summary>
/// <param name="Value">Most that an entry may be, in magnitude; 0 for no limit.</param>
/// <param name="Norm">Most that the norm may be; 0 for no limit.</param>
public readonly record struct Clipping(double Value, double Norm);

/// <summary>Adam on theta.</summary>
/// <param name="LearningRate">Step size.</param>
/// <param name="Beta1">Decay of the first moment.</param>
/// <param name="Beta2">Decay of the second moment.</param>
/// <param name="Epsilon">Addend of the denominator.</param>
/// <param name="EpsilonRoot">Addend inside the square root.</param>
/// <param name="Clipping">Limits of the gradient.</param>
public sealed record MetaAdamSettings(
    double LearningRate, double Beta1, double Beta2, double Epsilon, double EpsilonRoot, Clipping Clipping)
    : MetaOptimizerSettings(LearningRate, Clipping)
{
    /// <inheritdoc/>
    public override string Name => KnownNames.Adam;

    internal override IEnumerable<Setting> Options =>
    [
        new("learning-rate", HoconText.Of(LearningRate)),
        new("beta1", HoconText.Of(Beta1)),
        new("beta2", HoconText.Of(Beta2)),
        new("epsilon", HoconText.Of(Epsilon)),
        new("epsilon-root", HoconText.Of(EpsilonRoot)),
        .. ClippingOptions,
    ];
}

/// <summary>Gradient descent on theta.</summary>
/// <param name="LearningRate">Step size.</param>
/// <param name="Clipping">Limits of the gradient.</param>
public sealed record MetaSgdSettings(double LearningRate, Clipping Clipping)
    : MetaOptimizerSettings(LearningRate, Clipping)
{
    /// <inheritdoc/>
    public override string Name => KnownNames.Sgd;

    internal override IEnumerable<Setting> Options =>
        [new("learning-rate", HoconText.Of(LearningRate)), .. ClippingOptions];
}
