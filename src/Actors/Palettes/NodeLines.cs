using Akka.Actor;

namespace Involute.Actors.Palettes;

/// <summary>The last lines that a node has told its user, and those to come.</summary>
/// <param name="time">Dates them.</param>
internal sealed class NodeLines(TimeProvider time)
{
    /// <summary>Lines that are kept.</summary>
    public const int Kept = 200;

    private readonly Lock _gate = new();
    private readonly Queue<LogNews> _lines = [];
    private ActorSystem? _system;

    /// <summary>The lines that are kept, oldest first.</summary>
    public IReadOnlyList<LogNews> Lines
    {
        get
        {
            lock (_gate)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>From now on lines go to the event stream, too.</summary>
    public void PublishTo(ActorSystem system) => _system = system;

    /// <summary>A line was told.</summary>
    public void Add(string line)
    {
        var news = new LogNews(time.GetUtcNow(), line.ReplaceLineEndings(" "));
        lock (_gate)
        {
            _lines.Enqueue(news);
            if (_lines.Count > Kept)
            {
                _lines.Dequeue();
            }
        }

        _system?.EventStream.Publish(news);
    }
}
