namespace Involute.Processes.Children;

/// <summary>How children are started, and how long they may take.</summary>
/// <param name="Command">What starts one.</param>
/// <param name="Timeout">How long a greeting or an answer may take.</param>
/// <param name="Processes">Children at a time; 0 for as many as threads call.</param>
internal sealed record ChildSettings(ChildCommand Command, TimeSpan Timeout, int Processes = 0)
{
    /// <summary>Files that decide what a child computes: another one is not started once they have changed.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>Measures timeouts and pauses.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
