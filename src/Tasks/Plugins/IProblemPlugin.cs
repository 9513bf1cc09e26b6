using Involute.Tasks.Unrolls;

namespace Involute.Tasks.Plugins;

/// <summary>
/// The entry to a user's inner problem: <c>involute train --plugin DIR</c> finds every public class in DIR that
/// implements this and has a public constructor without parameters.
/// </summary>
public interface IProblemPlugin
{
    /// <summary>
    /// What the configuration calls the problem, unique within its folder: 1 to 40 lowercase letters, digits and
    /// hyphens.
    /// </summary>
    string Name { get; }

    /// <summary>Makes the problem. Read every option that there is: one that is not read is an error.</summary>
    /// <exception cref="ProblemOptionException">An option is wrong.</exception>
    IInnerProblem<float> Create(ProblemOptions options);
}
