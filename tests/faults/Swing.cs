using Involute.Tasks;
using Involute.Tasks.Numerics;
using Involute.Tasks.Plugins;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Faults;

/// <summary>This program as a plugin.</summary>
public sealed class SwingPlugin : IProblemPlugin
{
    public string Name => "swing";

    public IInnerProblem<float> Create(ProblemOptions options) => new StepProblem<float>(new Swing());
}

/// <summary>A swing that is to be brought to rest. Theta is the logarithm of the brake.</summary>
public sealed class Swing : IStepFunction<float>
{
    /// <summary>A variable of a process that names a file: while that is there, a step does not return.</summary>
    public const string EndlessWhile = "INVOLUTE_FAULTS_ENDLESS_WHILE";

    private const int Place = 0, Speed = 1;
    private const float TimeStep = 0.05f;
    private static readonly string? Flag = Environment.GetEnvironmentVariable(EndlessWhile);

    public string Name => "swing";

    public ThetaLayout Layout { get; } = new(("log_brake", []));

    public int StateLength => 2;

    public double CeilingLoss => 100;

    public void InitialTheta(long seed, Span<float> theta) => theta[0] = -2;

    public void Initialise(ReadOnlySpan<float> theta, Trajectory trajectory, Span<float> state)
    {
        var numbers = trajectory.Key.Stream(RandomStream.TaskSample);
        state[Place] = (float)numbers.Normal(0);
        state[Speed] = (float)numbers.Normal(1);
    }

    public float Step(ReadOnlySpan<float> theta, StepKey key, Span<float> state)
    {
        while (Flag is not null && File.Exists(Flag))
        {
            // A user's step function that loops.
        }

        state[Speed] -= TimeStep * (state[Place] + ((float)PortableMath.Exp(theta[0]) * state[Speed]));
        state[Place] += TimeStep * state[Speed];
        return state[Place] * state[Place];
    }
}
