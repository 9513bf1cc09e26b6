using System.Globalization;
using Involute.Runs.Verification;

namespace Involute.Host.Reporting;

/// <summary>Says on the error stream how far a verification has come, where it takes more than some seconds.</summary>
internal sealed class VerificationNews(TextWriter errors, TimeProvider time)
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(3);

    // The clock is not asked for each event.
    private const int Stride = 1 << 12;

    private long _lastSaid = time.GetTimestamp();

    /// <summary>Takes note of an event that has been looked at.</summary>
    public void Tell(VerificationProgress progress)
    {
        if (progress.Sequence % Stride == 0 && time.GetElapsedTime(_lastSaid) >= Silence)
        {
            var share = 100.0 * progress.Sequence / Math.Max(progress.Last, progress.Sequence);
            errors.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"checked {progress.Sequence} of {progress.Last} events ({share:F0} %)"));
            _lastSaid = time.GetTimestamp();
        }
    }
}
