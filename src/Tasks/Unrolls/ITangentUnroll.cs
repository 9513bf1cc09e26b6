namespace Involute.Tasks.Unrolls;

/// <summary>
/// An unroll whose unperturbed lane also carries its derivative by every element of theta, forward from step to step.
/// </summary>
/// <remarks>
/// Williams and Zipser, "A learning algorithm for continually running fully recurrent neural networks", 1989 (RTRL):
/// with state s, S' = ∂f/∂s S + ∂f/∂theta. Memory and time grow with the length of theta: for small problems.
/// </remarks>
/// <typeparam name="T">Number type of theta.</typeparam>
public interface ITangentUnroll<T> : IUnroll<T>
{
    /// <summary>
    /// Derivatives of the normalised losses of the unperturbed lane in the last <see cref="IUnroll{T}.Advance"/>, in
    /// theta's order: those of the step whose losses went to index i start at i / arms · theta length. Zero once the
    /// lane has diverged: the ceiling is a constant.
    /// </summary>
    ReadOnlySpan<T> LossTangents { get; }

    /// <summary>From here on the lane's state counts as a constant: its derivative becomes 0.</summary>
    void Detach(int pair);
}
