namespace GopherFlow.Scripting

open System
open System.IO
open GopherFlow.Settings

/// <summary>Settings for finding, compiling and deploying scripts.</summary>
type ScriptSettings = {
    /// The folder whose scripts are deployed at startup and whenever one is saved. None: no folder.
    Folder: string option
    /// The cache folder for compiled scripts, so that a restart does not compile them again.
    CacheFolder: string
    /// Whether scripts may be deployed over the API.
    DeployOverApi: bool
    /// The timeout for the top-level code of a script when it is loaded.
    LoadLimit: TimeSpan
}

/// <summary>Reads ScriptSettings from the environment.</summary>
module ScriptSettings =

    let private defaultCache =
        Path.Combine(
            Environment.GetFolderPath(
                Environment.SpecialFolder.LocalApplicationData,
                Environment.SpecialFolderOption.DoNotVerify
            ),
            "gopherflow",
            "scripts"
        )

    let private folder (settings: SettingsReader) canCompile =
        match settings.OptionalText "GFLOW_SCRIPTS_DIR" with
        | null -> None
        | path when not canCompile ->
            settings.Fault(
                "GFLOW_SCRIPTS_DIR",
                path,
                "none, because the application cannot run scripts; it can with the package GopherFlow.Scripting.Compiler and UseScripts()",
                None
            )
        | path when Directory.Exists path -> Some(Path.GetFullPath path)
        | path -> settings.Fault("GFLOW_SCRIPTS_DIR", path, "a folder that exists", None)

    /// <summary>Reads the settings. Invalid values are collected in the reader.</summary>
    /// <param name="settings">The reader.</param>
    /// <param name="canCompile">Whether the application has a script compiler.</param>
    let read (settings: SettingsReader) (canCompile: bool) : ScriptSettings = {
        Folder = folder settings canCompile
        CacheFolder = settings.Text("GFLOW_SCRIPTS_CACHE", defaultCache)
        DeployOverApi = settings.Choice("GFLOW_SCRIPTS_DEPLOY", true, readOnlyDict [ "true", true; "false", false ])
        LoadLimit =
            settings.Duration(
                "GFLOW_SCRIPTS_LOAD_LIMIT",
                TimeSpan.FromSeconds 5.,
                TimeSpan.FromMilliseconds 100.,
                TimeSpan.FromMinutes 5.
            )
    }
