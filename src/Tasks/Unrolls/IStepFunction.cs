using System.Numerics;
using Involute.Tasks.Randomness;

namespace Involute.Tasks.Unrolls;

/// <summary>The few lines that a user writes for a simulation: an initial state and one step.</summary>
/// <remarks>
/// Stateless and shared between threads: everything that changes is in <c>state</c>, everything random follows from the
/// key. Both arms of a pair get the same keys.
/// </remarks>
/// <typeparam name="T">Number type of theta and of the state.</typeparam>
public interface IStepFunction<T>
    where T : struct, IFloatingPointIeee754<T>
{
    /// <summary>Short name.</summary>
    string Name { get; }

    /// <summary>Names and shapes of theta.</summary>
    ThetaLayout Layout { get; }

    /// <summary>Number of values in the state of one lane.</summary>
    int StateLength { get; }

    /// <summary>Largest meta-loss; see <see cref="IInnerProblem{T}.CeilingLoss"/>.</summary>
    double CeilingLoss => Losses.UnboundedCeiling;

    /// <summary>Fills theta with its initial value.</summary>
    void InitialTheta(long seed, Span<T> theta);

    /// <summary>Fills the state at the start of a trajectory.</summary>
    void Initialise(ReadOnlySpan<T> theta, Trajectory trajectory, Span<T> state);

    /// <summary>
    /// Advances the state by one step and returns the step's loss (normally measured after the step).
    /// </summary>
    T Step(ReadOnlySpan<T> theta, StepKey key, Span<T> state);

    /// <summary>Maps a raw loss to the meta-loss scale; by default the identity up to the ceiling.</summary>
    double Normalize(double loss) => Losses.Clip(loss, CeilingLoss);

    /// <summary>The same of several losses; see <see cref="IInnerProblem{T}.Normalize(ReadOnlySpan{StepLoss}, Span{double})"/>.</summary>
    void Normalize(ReadOnlySpan<StepLoss> losses, Span<double> normalised)
    {
        for (var i = 0; i < losses.Length; i++)
        {
            normalised[i] = losses[i].Diverged ? CeilingLoss : Normalize(losses[i].Loss);
        }
    }

    /// <summary>Creates the lanes of some pairs; a step that says how runs on several of them at once.</summary>
    IUnroll<T> CreateUnroll(int pairs, ArmSet arms) => new StepUnroll<T>(this, pairs, arms);

    /// <summary>Whether the step has derivatives by theta: a differentiable step does, by itself.</summary>
    bool OffersTangents => false;

    /// <summary>See <see cref="IInnerProblem{T}.CreateTangentUnroll"/>.</summary>
    /// <exception cref="NotSupportedException">The step function is not differentiable.</exception>
    ITangentUnroll<T> CreateTangentUnroll(int pairs, ArmSet arms) => throw new NotSupportedException(
        $"step function '{Name}' is no IDifferentiableStep; estimators that differentiate the unroll need one");
}
