using Involute.Tasks.Components;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Unrolls;

namespace YourOwnProblem;

/// <summary>What a configuration may say of the problem, what suits it, and how it is made.</summary>
[Component("thermostat", "a PI controller keeps a room at 20 °C; theta is the logarithm of its gains")]
[RunDefault("truncation.schedule", "constant", "A trajectory is a day.")]
[RunDefault("truncation.length", "480", "A day has 480 minutes.")]
[RunDefault("truncation.offset", "480", "Pairs stand at different times of the day.")]
[RunDefault("window", "60", "An hour.")]
[RunDefault("outer-steps", "200", "Enough for two gains.")]
public sealed record ThermostatOptions : InnerProblemOptions
{
    [Option("Standard deviation of the thermometer's error.", Unit = "°C", Least = 0, Most = 10)]
    public double Noise { get; init; } = 0.5;

    public override IInnerProblem<float> Create() => new StepProblem<float>(new Thermostat((float)Noise));
}
