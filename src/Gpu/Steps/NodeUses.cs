namespace Involute.Gpu.Steps;

/// <summary>Which numbers of a step are needed, how often they are worked out, and until when they are kept.</summary>
internal sealed class NodeUses
{
    private const int Never = -1;
    private const int End = int.MaxValue;

    private readonly StepGraph _graph;
    private readonly bool[] _isNeeded;
    private readonly bool[] _isOnceASegment;
    private readonly int[] _lastUse;
    private readonly int[] _stateNode;
    private readonly ILookup<int, int> _elements;

    /// <summary>Looks through a graph.</summary>
    public NodeUses(StepGraph graph)
    {
        _graph = graph;
        var count = graph.Nodes.Count;
        (_isNeeded, _isOnceASegment, _lastUse) = (new bool[count], new bool[count], new int[count]);
        _stateNode = new int[graph.State.Length];
        _elements = Enumerable.Range(0, graph.State.Length).ToLookup(element => graph.State[element]);
        Array.Fill(_lastUse, Never);
        Array.Fill(_stateNode, Never);
        FindOnceASegment();
        FindNeeded();
        FindLastUses();
    }

    /// <summary>Whether one of the needed numbers is one that the host works out.</summary>
    public bool NeedsTables { get; private set; }

    /// <summary>Whether the loss or the state depends on it.</summary>
    public bool IsNeeded(int place) => _isNeeded[place];

    /// <summary>Whether it follows from theta and constants alone, so that it is the same in each step of a segment.</summary>
    public bool IsOnceASegment(int place) => _isOnceASegment[place];

    /// <summary>The last of its users; behind all of them where the step's end, or (once a segment) a step, needs it.</summary>
    public int LastUse(int place) => _lastUse[place];

    /// <summary>The elements of the state that a number is after the step.</summary>
    public IEnumerable<int> ElementsOf(int place) => _elements[place];

    /// <summary>The last user of an element of the state as it was before the step.</summary>
    public int LastUseOfState(int element) => _stateNode[element] == Never ? Never : _lastUse[_stateNode[element]];

    private void FindOnceASegment()
    {
        for (var place = 0; place < _graph.Nodes.Count; place++)
        {
            var node = _graph.Nodes[place];
            _isOnceASegment[place] = node.Operation is Operation.Constant or Operation.Theta || node.Operation > Operation.Table;
            for (var i = 0; i < node.Operation.Operands(); i++)
            {
                _isOnceASegment[place] &= _isOnceASegment[node[i]];
            }
        }
    }

    private void FindNeeded()
    {
        _isNeeded[_graph.Loss] = true;
        foreach (var place in _graph.State)
        {
            _isNeeded[place] = true;
        }

        for (var place = _graph.Nodes.Count - 1; place >= 0; place--)
        {
            var node = _graph.Nodes[place];
            for (var i = 0; i < node.Operation.Operands() && _isNeeded[place]; i++)
            {
                _isNeeded[node[i]] = true;
            }

            NeedsTables |= _isNeeded[place] && node.Operation == Operation.Table;
        }
    }

    private void FindLastUses()
    {
        for (var place = 0; place < _graph.Nodes.Count; place++)
        {
            var node = _graph.Nodes[place];
            if (node.Operation == Operation.State)
            {
                _stateNode[node.Index] = place;
            }

            for (var i = 0; i < node.Operation.Operands() && _isNeeded[place]; i++)
            {
                var isKept = _isOnceASegment[node[i]] && !_isOnceASegment[place];
                _lastUse[node[i]] = isKept || _lastUse[node[i]] == End ? End : place;
            }
        }

        _lastUse[_graph.Loss] = End;
        for (var element = 0; element < _graph.State.Length; element++)
        {
            // An element that stays as it is stands where it belongs, and nothing else takes its place.
            _lastUse[_graph.State[element]] = End;
        }
    }
}
