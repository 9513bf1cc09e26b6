using Akka.Event;

namespace Involute.Actors.Local;

/// <summary>
/// Stands where Akka writes while no logger runs, at start and at shutdown, whatever <c>stdout-loglevel</c> says.
/// </summary>
public sealed class SilentStandardOutput : MinimalLogger
{
    /// <inheritdoc/>
    protected override void Log(object message)
    {
        // Standard output belongs to the command.
    }
}
