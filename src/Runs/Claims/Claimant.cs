using System.Globalization;

namespace Involute.Runs.Claims;

/// <summary>A process that has claimed a run, or claimed it last, as it tells others.</summary>
/// <param name="Process">Its id on its machine.</param>
/// <param name="Host">Name of its machine.</param>
/// <param name="Since">When it claimed the run, in UTC, whole seconds.</param>
internal sealed record Claimant(int Process, string Host, DateTime Since)
{
    /// <summary>This process, now.</summary>
    public static Claimant Current(TimeProvider time)
    {
        var now = time.GetUtcNow();
        return new Claimant(
            Environment.ProcessId,
            Environment.MachineName,
            DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds()).UtcDateTime);
    }

    /// <summary>For the one line of a refusal.</summary>
    public override string ToString() =>
        $"pid {Process.ToString(CultureInfo.InvariantCulture)} on {ForeignText.Shown(Host)} since "
            + Since.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
