using Involute.Actors.Cluster;

namespace Involute.Actors.Palettes;

/// <summary>A member of the cluster, as it is shown.</summary>
/// <param name="Address">Where it listens.</param>
/// <param name="Role">Learner or worker.</param>
/// <param name="Status">Its status in the cluster, or unreachable.</param>
/// <param name="Leads">Whether it leads the run.</param>
/// <param name="IsSelf">Whether it is the node that was asked.</param>
/// <param name="Console">Where its console listens; null without one.</param>
internal sealed record MemberRow(
    Endpoint Address, string Role, string Status, bool Leads, bool IsSelf, Endpoint? Console)
{
    /// <summary>Members below each other.</summary>
    public static string Table(bool json, IEnumerable<MemberRow> members) => AnswerText.Table(
        json,
        [("address", "address"), ("role", "role"), ("status", "status"), ("leads", "leads"), ("self", "this node"),
            ("console", "console")],
        [
            .. members.Select(member => new[]
            {
                Cell.Of(member.Address.ToString()),
                Cell.Of(member.Role),
                Cell.Of(member.Status),
                Cell.Of(member.Leads, "leads", ""),
                Cell.Of(member.IsSelf, "yes", ""),
                Cell.Of(member.Console?.ToString()),
            }),
        ]);

    /// <summary>What happens to a member.</summary>
    public static string Event(bool json, DateTimeOffset time, string role, Endpoint place, string what) => AnswerText.Event(
        json, time, $"{role} {place}  {what}",
        ("role", Cell.Of(role)), ("address", Cell.Of(place.ToString())), ("event", Cell.Of(what)));

    /// <summary>What was done about a member.</summary>
    public static string Done(bool json, Endpoint place, string what) => json
        ? AnswerText.Details(json, ("address", "", Cell.Of(place.ToString())), ("event", "", Cell.Of(what)))
        : AnswerText.Details(json, ("event", place.ToString(), Cell.Of(what)));
}
