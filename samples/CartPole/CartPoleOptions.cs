using Involute.Tasks.Components;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Unrolls;

namespace Balancing;

/// <summary>What a configuration may say of the problem, what suits it, and how it is made.</summary>
[Component("cart-pole", "a bounded linear force holds a pole upright on a cart; theta is the controller")]
[RunDefault("truncation.schedule", "constant", "A trajectory is an episode.")]
[RunDefault("truncation.length", "250", "An episode has five seconds.")]
[RunDefault("truncation.offset", "250", "Pairs stand at different times of their episodes.")]
[RunDefault("window", "25", "Half a second: what an estimator sees at once is shorter than a fall.")]
[RunDefault("outer-steps", "400", "Enough for five numbers.")]
public sealed record CartPoleOptions : InnerProblemOptions
{
    [Option("Standard deviation of the gusts that push the pole.", Least = 0, Most = 10)]
    public double Gusts { get; init; } = 0.2;

    public override IInnerProblem<float> Create() => new StepProblem<float>(new CartPole((float)Gusts));
}
