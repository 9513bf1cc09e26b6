namespace Involute.Gpu.Steps;

/// <summary>Makes a program of a step that was written down.</summary>
/// <remarks>
/// What nothing needs is left out; what depends on theta alone is worked out once a segment. A slot is used again as soon as its
/// number is not needed any more. A new element of the state takes its place at once where the old one is not needed any more;
/// others are moved there when the step ends.
/// </remarks>
internal sealed class StepCompiler
{
    private const int Nowhere = -1;

    private readonly StepGraph _graph;
    private readonly NodeUses _uses;
    private readonly SlotPool _slots;
    private readonly int[] _at;
    private readonly List<uint> _code = [];
    private readonly List<uint> _constants = [];

    private StepCompiler(StepGraph graph)
    {
        _graph = graph;
        _uses = new NodeUses(graph);
        _slots = new SlotPool(graph.State.Length);
        _at = new int[graph.Nodes.Count];
        Array.Fill(_at, Nowhere);
    }

    /// <summary>The program of a step.</summary>
    /// <exception cref="TraceException">It needs more numbers at a time than a program can name.</exception>
    public static StepProgram Compile(StepGraph graph) => new StepCompiler(graph).Compile();

    private StepProgram Compile()
    {
        EmitNodes(onceASegment: true);
        var first = _code.Count / StepProgram.Words;
        EmitNodes(onceASegment: false);
        Emit(Operation.Loss, 0, Operand(_graph.Loss));
        EmitMoves();
        if (Math.Max(_slots.Count, _constants.Count) >= StepProgram.ConstantBit)
        {
            throw new TraceException($"a step needs more than {StepProgram.ConstantBit - 1} numbers at a time");
        }

        return new StepProgram(
            [.. _code], first, [.. _constants], Math.Max(1, _slots.Count), _graph.State.Length,
            _uses.NeedsTables ? _graph.Tables : 0);
    }

    private void EmitNodes(bool onceASegment)
    {
        Span<int> operands = stackalloc int[4];
        for (var place = 0; place < _graph.Nodes.Count; place++)
        {
            var node = _graph.Nodes[place];
            if (!_uses.IsNeeded(place) || node.Operation is Operation.Constant or Operation.State
                || _uses.IsOnceASegment(place) != onceASegment)
            {
                continue;
            }

            operands.Clear();
            for (var i = 0; i < node.Operation.Operands(); i++)
            {
                operands[i] = Operand(node[i]);
            }

            // An instruction reads its operands before it writes: their slots may be its own.
            for (var i = 0; i < node.Operation.Operands(); i++)
            {
                Release(node[i], place);
            }

            _at[place] = onceASegment ? _slots.Take() : Destination(place);
            Emit(node.Operation, _at[place], operands[0], operands[1], operands[2] | node.Stream, operands[3], node.Index);
        }
    }

    private int Operand(int place)
    {
        var node = _graph.Nodes[place];
        if (_at[place] != Nowhere)
        {
            return _at[place];
        }

        if (node.Operation == Operation.Constant)
        {
            _constants.Add(node.Index);
            return _at[place] = StepProgram.ConstantBit | (_constants.Count - 1);
        }

        // All others stand before those that need them.
        return _at[place] = (int)node.Index;
    }

    private void Release(int place, int user)
    {
        var isSlot = _graph.Nodes[place].Operation is not (Operation.Constant or Operation.State);
        if (isSlot && _uses.LastUse(place) == user)
        {
            _slots.Release(_at[place]);
        }
    }

    // The place of an element of the state that the number is going to be, if nothing needs the old one behind it.
    private int Destination(int place)
    {
        foreach (var element in _uses.ElementsOf(place))
        {
            if (_uses.LastUseOfState(element) <= place)
            {
                return element;
            }
        }

        return _slots.Take();
    }

    // The elements that are not in their places yet, each before anything overwrites where it is.
    private void EmitMoves()
    {
        var from = new Dictionary<int, int>();
        var users = new Dictionary<int, int>();
        for (var element = 0; element < _graph.State.Length; element++)
        {
            var source = Operand(_graph.State[element]);
            if (source != element)
            {
                from[element] = source;
                users[source] = users.GetValueOrDefault(source) + 1;
            }
        }

        var ready = new Stack<int>(from.Keys.Where(element => !users.ContainsKey(element)));
        while (from.Count > 0)
        {
            if (!ready.TryPop(out var element))
            {
                // Only rings are left: one number of a ring steps aside.
                element = from.Keys.First();
                var (aside, user) = (_slots.Take(), from.First(move => move.Value == element).Key);
                Emit(Operation.Move, aside, element);
                from[user] = aside;
            }

            from.Remove(element, out var source);
            Emit(Operation.Move, element, source);
            if (users.TryGetValue(source, out var left) && (users[source] = left - 1) == 0 && from.ContainsKey(source))
            {
                ready.Push(source);
            }
        }
    }

    private void Emit(Operation operation, int destination, int a = 0, int b = 0, int c = 0, int d = 0, uint index = 0) =>
        _code.AddRange(
            (uint)operation | ((uint)destination << 16), (uint)a | ((uint)b << 16), (uint)c | ((uint)d << 16), index);

    /// <summary>Slots of a lane that are in use.</summary>
    /// <param name="first">Slots that are always in use.</param>
    private sealed class SlotPool(int first)
    {
        private readonly SortedSet<int> _free = [];
        private readonly int _first = first;

        /// <summary>How many there are.</summary>
        public int Count { get; private set; } = first;

        /// <summary>The lowest that is free.</summary>
        public int Take()
        {
            if (_free.Count == 0)
            {
                return Count++;
            }

            var slot = _free.Min;
            _free.Remove(slot);
            return slot;
        }

        /// <summary>A slot is free again, but for one of the state.</summary>
        public void Release(int slot)
        {
            if (slot >= _first)
            {
                _free.Add(slot);
            }
        }
    }
}
