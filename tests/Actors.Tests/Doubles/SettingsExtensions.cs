using Involute.Actors.Learning;
using Involute.Runs.Configuration;

namespace Involute.Actors.Tests.Doubles;

/// <summary>Variations of a test's settings.</summary>
internal static class SettingsExtensions
{
    /// <summary>The settings of a resume with more outer steps.</summary>
    public static LearnerSettings Until(this LearnerSettings settings, int outerSteps, string before) => settings with
    {
        Run = settings.Run with { OuterSteps = outerSteps },
        SettingChanges = [new SettingChange("involute.outer-steps", before, $"{outerSteps}")],
    };

    /// <summary>The settings with another limit of restarts.</summary>
    public static LearnerSettings WithRestarts(this LearnerSettings settings, int restarts) =>
        settings with { Run = settings.Run with { MaxPairRestarts = restarts } };
}
