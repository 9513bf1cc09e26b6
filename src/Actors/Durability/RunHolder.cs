using System.Globalization;

namespace Involute.Actors.Durability;

/// <summary>A process that holds a run, or held it last, as it tells others.</summary>
/// <param name="Process">Its id on its machine.</param>
/// <param name="Host">Name of its machine.</param>
/// <param name="Since">When it took the run, in UTC, whole seconds.</param>
internal sealed record RunHolder(int Process, string Host, DateTime Since)
{
    /// <summary>This process, now.</summary>
    public static RunHolder Current(TimeProvider time)
    {
        var now = time.GetUtcNow();
        return new RunHolder(
            Environment.ProcessId,
            Environment.MachineName,
            DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds()).UtcDateTime);
    }

    /// <summary>For the one line of a refusal.</summary>
    public override string ToString() =>
        $"pid {Process.ToString(CultureInfo.InvariantCulture)} on {Host} since {Since.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)}";
}
