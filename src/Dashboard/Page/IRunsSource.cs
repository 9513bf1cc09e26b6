namespace Involute.Dashboard.Page;

/// <summary>What a dashboard shows and steers. Safe for use by many requests at once.</summary>
internal interface IRunsSource
{
    /// <summary>All runs, one line each, as a JSON array on one line.</summary>
    string Runs();

    /// <summary>Begins to follow a run, from all that is known of it on. The run may come later, and go.</summary>
    IRunFollower Follow(string name);

    /// <summary>Gives a command to the console of a run.</summary>
    /// <param name="name">The run.</param>
    /// <param name="words">The command and its arguments.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<CommandOutcome> CommandAsync(string name, IReadOnlyList<string> words, CancellationToken cancellation);
}

/// <summary>Follows one run for one page.</summary>
internal interface IRunFollower
{
    /// <summary>What is new since the call before, as a JSON object on one line; null if nothing is.</summary>
    Task<string?> NewsAsync(CancellationToken cancellation);
}

/// <summary>What has become of a command.</summary>
/// <param name="Done">Whether it was done.</param>
/// <param name="Answer">The console's answer in words, or why not.</param>
internal sealed record CommandOutcome(bool Done, string Answer);
