using System.Globalization;

namespace Involute.Actors.Tests.Exploration;

/// <summary>A worker process; comes back under the same address. Names its nodes as the real one does.</summary>
internal sealed class SimulatedWorker(string address, int slots)
{
    private int _nodes;

    public int Slots { get; } = slots;

    public bool IsAlive { get; private set; }

    public SimulatedNode? Node { get; private set; }

    public void StartProcess()
    {
        IsAlive = true;
        _nodes = 0;
    }

    public string NextPath() => string.Create(CultureInfo.InvariantCulture, $"{address}/node-{++_nodes}");

    public void Work(SimulatedNode node)
    {
        Node = node;
        node.Register();
    }

    /// <summary>Ends its node, because its learner is gone.</summary>
    public void EndNode()
    {
        Node?.Dispose();
        Node = null;
    }

    public void Crash()
    {
        EndNode();
        IsAlive = false;
    }
}
