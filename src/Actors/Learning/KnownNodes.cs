using Involute.Actors.Protocol;
using Involute.Estimators.Plans;

namespace Involute.Actors.Learning;

/// <summary>
/// The nodes that have registered, and how far each is trusted: with blocks, with none (barred), or not at all (shut
/// out).
/// </summary>
internal sealed class KnownNodes
{
    /// <summary>So many answers that no worker of the run can have computed shut a node out.</summary>
    public const int MostMalformed = 3;

    private readonly SortedDictionary<string, NodeMember> _members = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NodeIdentity> _identities = new(StringComparer.Ordinal);
    private readonly HashSet<string> _barred = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _malformed = new(StringComparer.Ordinal);
    private readonly HashSet<NodeIdentity> _shutOut = [];
    private readonly NodeFaults _faults = new();
    private IReadOnlyCollection<NodeMember>? _trusted;
    private IReadOnlyList<string>? _homes;
    private IReadOnlyDictionary<string, int>? _threads;

    /// <summary>Whether there is a node to place blocks on.</summary>
    public bool Any => _members.Count > 0;

    /// <summary>All of them by their paths, and how many windows each can compute at once.</summary>
    public IReadOnlyDictionary<string, int> Threads =>
        _threads ??= _members.Values.ToDictionary(member => member.Id, member => member.Slots);

    // Those that get blocks. Bad nodes are better than none.
    private IReadOnlyCollection<NodeMember> Trusted => _trusted ??=
        _members.Values.Where(member => !_barred.Contains(member.Id)).ToList() is { Count: > 0 } trusted
            ? trusted
            : [.. _members.Values];

    /// <summary>Whether a node of this path takes part.</summary>
    public bool Has(string path) => _members.ContainsKey(path);

    /// <summary>Whether this very node takes part: another one of the path has lost its pairs.</summary>
    public bool Is(NodeIdentity node) => _identities.TryGetValue(node.Path, out var known) && known == node;

    /// <summary>The node of a path that takes part.</summary>
    public NodeIdentity Identity(string path) => _identities[path];

    /// <summary>Whether this very node has been sent away; one that was started again has another identity.</summary>
    public bool IsShutOut(NodeIdentity node) => _shutOut.Contains(node);

    /// <summary>A node takes part from now on.</summary>
    public void Add(NodeIdentity node, int slots)
    {
        _identities[node.Path] = node;
        _members[node.Path] = new NodeMember(node.Path, slots);
        Changed();
    }

    /// <summary>A node is gone: what is held against it goes with it.</summary>
    public void Remove(string path)
    {
        _faults.Forget(path);
        _barred.Remove(path);
        _malformed.Remove(path);
        _members.Remove(path);
        _identities.Remove(path);
        Changed();
    }

    /// <summary>The homes that the members decide, one for each block; worked out anew when the members change.</summary>
    public IReadOnlyList<string> Homes(int blocks) => _homes ??= Placement.Assign(Trusted, blocks);

    /// <summary>
    /// The home that the members decide for a block; a node on which it has failed in this step only if there is no
    /// other.
    /// </summary>
    public string HomeOf(int block, int blocks)
    {
        if (!_faults.HasAny)
        {
            return Homes(blocks)[block];
        }

        var good = Trusted.Where(member => !_faults.HasFailed(block, member.Id)).ToList();
        return good.Count > 0 ? Placement.HomeOf(block, good, blocks) : Homes(blocks)[block];
    }

    /// <summary>Whether a block can be tried on another node than its home, one that it has not failed on in this
    /// step.</summary>
    public bool HasAnotherHome(int block, string home) =>
        Trusted.Any(member => member.Id != home && !_faults.HasFailed(block, member.Id));

    /// <summary>A block has failed on a node.</summary>
    public void Failed(int block, string path) => _faults.Failed(block, path);

    /// <summary>
    /// A step is done: nodes on which blocks failed that did well elsewhere get no more blocks until they join anew. A
    /// node keeps them where no trusted one would be left.
    /// </summary>
    /// <param name="version">The step's.</param>
    /// <param name="home">The node that has done a block's window; null if it is gone.</param>
    /// <returns>Those of which this is so from now on.</returns>
    public IReadOnlyList<string> StepDone(ThetaVersion version, Func<int, string?> home) =>
        [.. _faults.StepDone(version, home).Where(Bar)];

    /// <summary>A node has sent what no worker of the run can have computed.</summary>
    /// <returns>How often by now.</returns>
    public int CountMalformed(string path) => _malformed[path] = _malformed.GetValueOrDefault(path) + 1;

    /// <summary>A node takes part no more, and is not let in again.</summary>
    public void ShutOut(string path)
    {
        _shutOut.Add(_identities[path]);
        Remove(path);
    }

    private bool Bar(string path)
    {
        if (!_members.ContainsKey(path) || Trusted.All(member => member.Id == path) || !_barred.Add(path))
        {
            return false;
        }

        Changed();
        return true;
    }

    private void Changed() => (_trusted, _homes, _threads) = (null, null, null);
}
