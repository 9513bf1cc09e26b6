using System.Diagnostics;

namespace Involute.Hosting.Configuration;

/// <summary>What applies the meta-gradient to theta.</summary>
public abstract record MetaOptimizerSettings
{
    private protected MetaOptimizerSettings(double learningRate, MetaStepSettings step) =>
        (LearningRate, Step) = (learningRate, step);

    /// <summary>A name of <see cref="KnownNames.MetaOptimizers"/>.</summary>
    public abstract string Name { get; }

    /// <summary>Step size on theta; with a schedule, its highest value.</summary>
    public double LearningRate { get; }

    /// <summary>When it acts, how far it goes, on what part of the gradient.</summary>
    public MetaStepSettings Step { get; }

    internal abstract IEnumerable<Setting> Options { get; }

    internal static MetaOptimizerSettings Read(BlockReader block)
    {
        var name = block.Name(KnownNames.MetaOptimizers);
        var learningRate = block.Number("learning-rate", new NumberRange(0, 1000, AboveLeast: true));
        var step = MetaStepSettings.Read(block);
        MetaOptimizerSettings settings = name switch
        {
            KnownNames.Adam => new MetaAdamSettings(
                learningRate,
                block.Number("beta1", Ranges.Decay),
                block.Number("beta2", Ranges.Decay),
                block.Number("epsilon", new NumberRange(0, 1)),
                block.Number("epsilon-root", new NumberRange(0, 1)),
                step),
            KnownNames.Sgd => new MetaSgdSettings(learningRate, step),
            _ => throw new UnreachableException($"the table of meta-optimizers has {name}, the reader has not"),
        };
        block.Finish();
        return settings;
    }
}

/// <summary>Adam on theta.</summary>
/// <param name="LearningRate">Step size.</param>
/// <param name="Beta1">Decay of the first moment.</param>
/// <param name="Beta2">Decay of the second moment.</param>
/// <param name="Epsilon">Addend of the denominator.</param>
/// <param name="EpsilonRoot">Addend inside the square root.</param>
/// <param name="Step">When it acts, how far it goes, on what part of the gradient.</param>
public sealed record MetaAdamSettings(
    double LearningRate, double Beta1, double Beta2, double Epsilon, double EpsilonRoot, MetaStepSettings Step)
    : MetaOptimizerSettings(LearningRate, Step)
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
        .. Step.Options,
    ];
}

/// <summary>Gradient descent on theta.</summary>
/// <param name="LearningRate">Factor of the gradient.</param>
/// <param name="Step">When it acts, how far it goes, on what part of the gradient.</param>
public sealed record MetaSgdSettings(double LearningRate, MetaStepSettings Step)
    : MetaOptimizerSettings(LearningRate, Step)
{
    /// <inheritdoc/>
    public override string Name => KnownNames.Sgd;

    internal override IEnumerable<Setting> Options =>
        [new("learning-rate", HoconText.Of(LearningRate)), .. Step.Options];
}
