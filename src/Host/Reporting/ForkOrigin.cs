using System.Globalization;
using Involute.Runs.Ledger;

namespace Involute.Host.Reporting;

/// <summary>Where a fork comes from.</summary>
/// <param name="Run">The other run, by the name that it had then.</param>
/// <param name="Step">The outer step.</param>
/// <remarks>Names and order of the JSON properties are a promise to scripts.</remarks>
internal sealed record ForkOrigin(string Run, long Step)
{
    /// <summary>As a ledger has it; null of a run that is no fork.</summary>
    public static ForkOrigin? Of(RunForked? fork) => fork is null ? null : new ForkOrigin(fork.Parent.Value, fork.Step);

    /// <summary>For people.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Run} at outer step {Step}");
}
