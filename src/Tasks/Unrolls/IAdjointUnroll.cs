namespace Involute.Tasks.Unrolls;

/// <summary>Losses whose derivative is asked for: those of a segment, from one of its steps on.</summary>
/// <param name="Segment">A segment that has run since the last window's end.</param>
/// <param name="FirstCounted">The first of its steps that counts; all behind it do.</param>
/// <param name="Weight">How much a step counts.</param>
/// <param name="Sum">Which of the sums the derivative is added to, from 0.</param>
public readonly record struct LossTerm(Segment Segment, int FirstCounted, double Weight, int Sum);

/// <summary>
/// An unroll that can go back through the steps of a window, and so has the derivative of the unperturbed lane's losses
/// by theta, all elements at once.
/// </summary>
/// <remarks>
/// Reverse mode: with state s, loss ℓ and s' = f(s, theta), the adjoint a = ∂L/∂s goes backwards as a ← a' ∂f/∂s + w
/// ∂ℓ/∂s, and dL/dtheta = Σ a' ∂f/∂theta + w ∂ℓ/∂theta. Time does not grow with the length of theta; what a window
/// needs of its states is kept until its end. A window's first state counts as a constant, so nothing is saved from
/// window to window.
/// </remarks>
/// <typeparam name="T">Number type of theta.</typeparam>
public interface IAdjointUnroll<T> : IUnroll<T>
{
    /// <summary>
    /// Ends the window of all pairs: adds derivatives of normalised losses of the unperturbed lane, and forgets the
    /// steps. From here on the lanes' states count as constants.
    /// </summary>
    /// <param name="terms">Losses of segments that have run since the last call, or since the pairs were made or
    /// loaded. Those of a lane that has diverged have no derivative: the ceiling is a constant.</param>
    /// <param name="sums">[sums, theta], flat.</param>
    void Differentiate(ReadOnlySpan<LossTerm> terms, Span<double> sums);
}
