using Involute.Tasks;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.ProcessChild;

/// <summary>
/// A state of any length that drifts by theta and noise, depends on the horizon, and diverges now and then: what a key, a
/// trajectory or a byte in the wrong place would show in.
/// </summary>
/// <param name="length">Numbers of the state, at least 2.</param>
/// <param name="theta">Numbers of theta, at least 1.</param>
/// <param name="diverging">How many of a thousand steps have a loss that is not a number.</param>
public sealed class Drift(int length, int theta = 3, int diverging = 0) : IStepFunction<float>
{
    public string Name => "drift";

    public ThetaLayout Layout { get; } = new(("gains", [theta]));

    public int StateLength => length;

    public void InitialTheta(long seed, Span<float> theta) => theta.Fill(0.5f);

    public void Initialise(ReadOnlySpan<float> theta, Trajectory trajectory, Span<float> state)
    {
        var noise = trajectory.Key.Stream(RandomStream.ParameterInitialisation);
        for (var i = 0; i < state.Length; i++)
        {
            state[i] = theta[i % theta.Length] + (float)noise.Uniform((uint)i);
        }

        state[0] = trajectory.Horizon;

        // States that vary in length: this part is empty at first, and grows.
        state[(state.Length / 2)..].Clear();
    }

    public float Step(ReadOnlySpan<float> theta, StepKey key, Span<float> state)
    {
        var noise = key.Stream(RandomStream.InnerNoise);
        var sum = 0f;
        var filled = Math.Min(state.Length, (state.Length / 2) + (int)key.InnerStep);
        for (var i = 1; i < filled; i++)
        {
            state[i] = (0.9f * state[i]) + (0.1f * theta[i % theta.Length]) + (0.01f * (float)noise.Uniform((uint)i));
            sum += (state[i] - 1) * (state[i] - 1);
        }

        return noise.Integer((uint)state.Length, 1000) < diverging && theta[0] > 0.5f ? float.NaN : (sum / state.Length) + (state[0] / 1000);
    }
}
