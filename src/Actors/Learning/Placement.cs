namespace Involute.Actors.Learning;

/// <summary>A node that may own pairs.</summary>
/// <param name="Id">Its address: unique, and the same for all that look.</param>
/// <param name="Slots">Windows that it can run at once, at least 1.</param>
internal readonly record struct NodeMember(string Id, int Slots);

/// <summary>Which node owns which block: a function of the members alone.</summary>
internal static class Placement
{
    /// <summary>
    /// Gives each member, in the order of their ids, a contiguous range of blocks in proportion to its slots.
    /// </summary>
    /// <param name="members">At least one, in any order.</param>
    /// <param name="blocks">Number of blocks.</param>
    /// <returns>A member's id for each block.</returns>
    public static IReadOnlyList<string> Assign(IEnumerable<NodeMember> members, int blocks)
    {
        var homes = new string[blocks];
        var next = 0;
        foreach (var (id, end) in Ranges(members, blocks))
        {
            for (; next < end; next++)
            {
                homes[next] = id;
            }
        }

        return homes;
    }

    /// <summary>As <see cref="Assign"/>, of one block: its cost does not grow with their number.</summary>
    public static string HomeOf(int block, IEnumerable<NodeMember> members, int blocks) =>
        Ranges(members, blocks).First(range => block < range.End).Id;

    private static IEnumerable<(string Id, long End)> Ranges(IEnumerable<NodeMember> members, int blocks)
    {
        NodeMember[] sorted = [.. members.OrderBy(member => member.Id, StringComparer.Ordinal)];
        var slots = sorted.Sum(member => (long)member.Slots);
        var slotsBefore = 0L;
        foreach (var member in sorted)
        {
            slotsBefore += member.Slots;
            yield return (member.Id, slotsBefore * blocks / slots);
        }
    }
}
