namespace Involute.Tasks.Plugins;

/// <summary>An option of a plugin's problem is wrong; the message is one line for the user.</summary>
public sealed class ProblemOptionException(string option, string problem, string allowed)
    : Exception($"{problem}; allowed: {allowed}")
{
    /// <summary>The option's name.</summary>
    public string Option => option;
}
