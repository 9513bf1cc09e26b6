namespace Involute.Runs.Configuration;

/// <summary>An observer of a run that goes by settings which may change while the run goes on.</summary>
public interface ISettingsObserver
{
    /// <summary>
    /// Settings that decide no number have changed, or are not those that this process has opened the run with. Comes like the
    /// calls of <see cref="IRunObserver"/>, one at a time.
    /// </summary>
    /// <param name="settings">The settings of now.</param>
    void SettingsChanged(RunConfiguration settings);
}
