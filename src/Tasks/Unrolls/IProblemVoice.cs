namespace Involute.Tasks.Unrolls;

/// <summary>A line that an inner problem has said, such as what another program writes to its standard error.</summary>
/// <param name="Pair">The first pair of those that it computed meanwhile, by its number in the run; null if none.</param>
/// <param name="Text">One line, for a person.</param>
public readonly record struct ProblemLine(int? Pair, string Text);

/// <summary>An <see cref="IInnerProblem{T}"/> that has something to say to the operator of a run.</summary>
public interface IProblemVoice
{
    /// <summary>
    /// Raised with each line, on any thread, at a rate that a log can take: the problem sees to that. Lines from before
    /// somebody listened are kept, as far as they are few, and come first.
    /// </summary>
    event Action<ProblemLine>? Said;
}
