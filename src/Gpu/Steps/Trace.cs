namespace Involute.Gpu.Steps;

/// <summary>The step that this thread is writing down: its numbers in the order in which they came to be.</summary>
/// <remarks>
/// The same operation on the same numbers is one number: all operations are functions of their operands' bits, so that
/// nothing changes but how often it is worked out. The first node is the constant 0, as a default number is.
/// </remarks>
internal sealed class Trace
{
    /// <summary>The most numbers that a step may have.</summary>
    public const int MostNodes = 1 << 16;

    [ThreadStatic]
    private static Trace? t_current;

    private readonly List<TraceNode> _nodes = [];
    private readonly Dictionary<TraceNode, int> _places = [];

    private Trace() => Place(new TraceNode(Operation.Constant));

    /// <summary>The numbers; operands stand before what is made of them.</summary>
    public IReadOnlyList<TraceNode> Nodes => _nodes;

    /// <summary>The trace of this thread's step.</summary>
    /// <exception cref="TraceException">No step is being written down.</exception>
    public static Trace Current => t_current
        ?? throw new TraceException("it uses its numbers outside of the call that it got them in");

    /// <summary>Writes down what <paramref name="step"/> does.</summary>
    public static Trace Of(Action<Trace> step)
    {
        var (before, trace) = (t_current, new Trace());
        t_current = trace;
        try
        {
            step(trace);
        }
        finally
        {
            t_current = before;
        }

        return trace;
    }

    /// <summary>The place of a number.</summary>
    public int Place(TraceNode node)
    {
        if (_places.TryGetValue(node, out var place))
        {
            return place;
        }

        if (_nodes.Count == MostNodes)
        {
            throw new TraceException($"a step has more than {MostNodes} operations");
        }

        _nodes.Add(node);
        _places[node] = _nodes.Count - 1;
        return _nodes.Count - 1;
    }
}

/// <summary>A step cannot be written down: why, as a sentence about it.</summary>
/// <param name="message">What the step does.</param>
internal sealed class TraceException(string message) : Exception(message);
