namespace Involute.Tasks.Unrolls;

/// <summary>A system that can be unrolled step by step under a theta: what meta-training trains theta for.</summary>
/// <remarks>Immutable and shared between threads; what changes lives in the unrolls it creates.</remarks>
/// <typeparam name="T">Number type of theta.</typeparam>
public interface IInnerProblem<T>
{
    /// <summary>Short name for logs and run folders.</summary>
    string Name { get; }

    /// <summary>Whether another program computes it: then only a trial tells whether the same step gives the same.</summary>
    bool IsForeign => false;

    /// <summary>
    /// Ends the programs that compute it and are in no call: other ones are started for what comes next. Nothing where <see
    /// cref="IsForeign"/> is false.
    /// </summary>
    void BeginAnew()
    {
    }

    /// <summary>Names and shapes of theta.</summary>
    ThetaLayout Layout { get; }

    /// <summary>
    /// The largest value that <see cref="Normalize(double)"/> returns: what a diverged arm reports for each remaining step.
    /// Finite.
    /// </summary>
    double CeilingLoss { get; }

    /// <summary>Fills theta with its initial value, a function of the seed.</summary>
    void InitialTheta(long seed, Span<T> theta);

    /// <summary>Maps a raw loss to the meta-loss scale; monotone, finite for every finite loss.</summary>
    double Normalize(double loss);

    /// <summary>
    /// Maps raw losses as <see cref="Normalize(double)"/> does; where an arm has diverged, <see cref="CeilingLoss"/>.
    /// </summary>
    /// <param name="losses">Raw losses.</param>
    /// <param name="normalised">As many numbers.</param>
    void Normalize(ReadOnlySpan<StepLoss> losses, Span<double> normalised)
    {
        for (var i = 0; i < losses.Length; i++)
        {
            normalised[i] = losses[i].Diverged ? CeilingLoss : Normalize(losses[i].Loss);
        }
    }

    /// <summary>
    /// What decides the bits of its numbers besides this program, .NET and the width of vectors: a native library, another
    /// program. Processes that differ in it do not compute a run together.
    /// </summary>
    string Arithmetic => "";

    /// <summary>Creates the state of <paramref name="pairs"/> pairs. No trajectory is started yet.</summary>
    IUnroll<T> CreateUnroll(int pairs, ArmSet arms);

    /// <summary>
    /// Whether <see cref="CreateTangentUnroll"/> works, which estimators that differentiate the unroll need. Ask before
    /// choosing one.
    /// </summary>
    bool OffersTangents => false;

    /// <summary>Creates the state of pairs whose unperturbed lane carries derivatives by theta.</summary>
    /// <exception cref="NotSupportedException">The problem offers none; see <see cref="OffersTangents"/>.</exception>
    ITangentUnroll<T> CreateTangentUnroll(int pairs, ArmSet arms) => throw new NotSupportedException(
        $"problem '{Name}' offers no forward gradients; estimators that differentiate the unroll need them");

    /// <summary>
    /// Whether <see cref="CreateAdjointUnroll"/> works: derivatives within a window or a whole trajectory, backwards.
    /// </summary>
    bool OffersAdjoints => false;

    /// <summary>Creates the state of pairs whose unperturbed lane can go back through a window.</summary>
    /// <exception cref="NotSupportedException">The problem offers none; see <see cref="OffersAdjoints"/>.</exception>
    IAdjointUnroll<T> CreateAdjointUnroll(int pairs, ArmSet arms) => throw new NotSupportedException(
        $"problem '{Name}' offers no backward gradients; estimators that differentiate the unroll need them");
}
