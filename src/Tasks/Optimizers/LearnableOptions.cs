using Involute.Tasks.Components;

namespace Involute.Tasks.Optimizers;

// Theta holds logarithms: a rate must be positive, and 1 − momentum too.

/// <summary>Options of <see cref="LearnableSgd"/>.</summary>
[Component("sgd", "gradient descent; theta is its learning rate", Theirs = ["LearnableSGD"])]
public sealed record LearnableSgdOptions : OptimizerOptions
{
    /// <summary>Initial learning rate, in (0, 100].</summary>
    [Option("Learning rate that theta starts at.", Least = 0, AboveLeast = true, Most = 100, Theirs = ["initial_lr"])]
    public double LearningRate { get; init; } = 0.01;

    /// <inheritdoc/>
    public override ILearnedOptimizer Create() => new LearnableSgd(LearningRate);
}

/// <summary>Options of <see cref="LearnableSgdm"/>.</summary>
[Component(
    "sgdm", "gradient descent with momentum; theta is its learning rate and its momentum", Theirs = ["LearnableSGDM"])]
public sealed record LearnableSgdmOptions : OptimizerOptions
{
    /// <summary>Initial learning rate, in (0, 100].</summary>
    [Option("Learning rate that theta starts at.", Least = 0, AboveLeast = true, Most = 100, Theirs = ["initial_lr"])]
    public double LearningRate { get; init; } = 0.01;

    /// <summary>Initial momentum, in [0, 1).</summary>
    [Option(
        "Share of the last step that is kept, at first.", Least = 0, Most = 1, BelowMost = true,
        Theirs = ["initial_momentum"])]
    public double Momentum { get; init; } = 0.9;

    /// <inheritdoc/>
    public override ILearnedOptimizer Create() => new LearnableSgdm(LearningRate, Momentum);
}

/// <summary>Options of <see cref="LearnableAdam"/>.</summary>
[Component(
    "adam", "Adam; theta is its learning rate, both betas and epsilon", Theirs = ["LearnableAdam"],
    Source = "Kingma and Ba, Adam: a method for stochastic optimization, ICLR 2015, algorithm 1")]
public sealed record LearnableAdamOptions : OptimizerOptions
{
    /// <summary>Initial learning rate, in (0, 100].</summary>
    [Option("Learning rate that theta starts at.", Least = 0, AboveLeast = true, Most = 100, Theirs = ["initial_lr"])]
    public double LearningRate { get; init; } = 0.001;

    /// <summary>Initial decay of the first moment, in [0, 1).</summary>
    [Option(
        "Decay of the gradient's moving average, at first.", Least = 0, Most = 1, BelowMost = true,
        Theirs = ["initial_beta1"])]
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Initial decay of the second moment, in [0, 1).</summary>
    [Option(
        "Decay of the squared gradient's moving average, at first.", Least = 0, Most = 1, BelowMost = true,
        Theirs = ["initial_beta2"])]
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Initial addend of the denominator, in (0, 1].</summary>
    [Option(
        "Added to the denominator, at first.", Least = 0, AboveLeast = true, Most = 1, Theirs = ["initial_epsilon"])]
    public double Epsilon { get; init; } = 1e-8;

    /// <inheritdoc/>
    public override ILearnedOptimizer Create() => new LearnableAdam(LearningRate, Beta1, Beta2, Epsilon);
}
