// A small Feliz-shaped layer over React: `Html.div [ prop.className "x"; prop.children [ ... ] ]`, `React.useState`
// and the other hooks, `React.functionComponent`. Names and shapes are those of the Feliz package, so that moving
// to the package means deleting this file. Only what the console uses is here.
namespace Feliz

open System
open Fable.Core
open Fable.Core.JsInterop

type ReactElement = interface end

type IReactProperty = interface end

type IRefValue<'t> =
    abstract current: 't with get, set

module Interop =
    [<Import("createElement", "react")>]
    let createElement (_kind: obj, _props: obj) : ReactElement = jsNative

    [<Import("Children", "react")>]
    let private childrenApi: obj = jsNative

    /// An array of children for which React does not require keys.
    let children (elements: ReactElement seq) : obj =
        childrenApi?toArray (Seq.toArray elements)

    let attr (name: string) (value: obj) : IReactProperty = unbox (name, value)

    let element (kind: obj) (props: IReactProperty seq) : ReactElement =
        createElement (kind, createObj (unbox<seq<string * obj>> props))

    let elementOf (kind: obj) (elements: ReactElement seq) : ReactElement =
        createElement (kind, createObj [ "children", children elements ])

    let text (kind: obj) (value: string) : ReactElement =
        createElement (kind, createObj [ "children", box value ])

type style =
    static member custom(name: string, value: obj) : string * obj = name, value
    static member width(value: int) : string * obj = "width", box value
    static member height(value: int) : string * obj = "height", box value
    static member width(value: float) : string * obj = "width", box value
    static member height(value: float) : string * obj = "height", box value

type prop =
    static member custom(name: string, value: obj) = Interop.attr name value
    static member key(value: string) = Interop.attr "key" value
    static member ref(value: IRefValue<'t>) = Interop.attr "ref" value
    static member id(value: string) = Interop.attr "id" value
    static member className(value: string) = Interop.attr "className" value

    static member className(values: string seq) =
        Interop.attr "className" (String.Join(" ", values))

    static member style(values: (string * obj) list) = Interop.attr "style" (createObj values)

    static member text(value: string) = Interop.attr "children" value
    static member text(value: int) = Interop.attr "children" value

    static member children(elements: ReactElement seq) =
        Interop.attr "children" (Interop.children elements)

    static member children(element: ReactElement) = Interop.attr "children" element
    static member href(value: string) = Interop.attr "href" value
    static member src(value: string) = Interop.attr "src" value
    static member title(value: string) = Interop.attr "title" value
    static member role(value: string) = Interop.attr "role" value
    static member tabIndex(value: int) = Interop.attr "tabIndex" value
    static member hidden(value: bool) = Interop.attr "hidden" value
    static member htmlFor(value: string) = Interop.attr "htmlFor" value
    static member type'(value: string) = Interop.attr "type" value
    static member name(value: string) = Interop.attr "name" value
    static member value(value: string) = Interop.attr "value" value
    static member placeholder(value: string) = Interop.attr "placeholder" value
    static member required(value: bool) = Interop.attr "required" value
    static member disabled(value: bool) = Interop.attr "disabled" value
    static member readOnly(value: bool) = Interop.attr "readOnly" value
    static member autoFocus(value: bool) = Interop.attr "autoFocus" value
    static member autoComplete(value: string) = Interop.attr "autoComplete" value
    static member spellcheck(value: bool) = Interop.attr "spellCheck" value
    static member rows(value: int) = Interop.attr "rows" value
    static member colSpan(value: int) = Interop.attr "colSpan" value
    static member scope(value: string) = Interop.attr "scope" value
    static member dateTime(value: string) = Interop.attr "dateTime" value
    static member ariaLabel(value: string) = Interop.attr "aria-label" value
    static member ariaHidden(value: bool) = Interop.attr "aria-hidden" value
    static member ariaSelected(value: bool) = Interop.attr "aria-selected" value
    static member ariaPressed(value: bool) = Interop.attr "aria-pressed" value
    static member ariaInvalid(value: bool) = Interop.attr "aria-invalid" value
    static member ariaCurrent(value: string) = Interop.attr "aria-current" value
    static member ariaDescribedBy(value: string) = Interop.attr "aria-describedby" value
    static member ariaLive(value: string) = Interop.attr "aria-live" value
    static member testId(value: string) = Interop.attr "data-testid" value
    static member data(name: string, value: string) = Interop.attr ("data-" + name) value
    static member onClick(handler: obj -> unit) = Interop.attr "onClick" handler

    static member onChange(handler: string -> unit) =
        Interop.attr "onChange" (fun (event: obj) -> handler (unbox event?target?value))

    static member onSubmit(handler: obj -> unit) = Interop.attr "onSubmit" handler
    static member onKeyDown(handler: obj -> unit) = Interop.attr "onKeyDown" handler
    static member onFocus(handler: obj -> unit) = Interop.attr "onFocus" handler
    static member onBlur(handler: obj -> unit) = Interop.attr "onBlur" handler

type svg =
    static member viewBox(value: string) = Interop.attr "viewBox" value
    static member d(value: string) = Interop.attr "d" value
    static member fill(value: string) = Interop.attr "fill" value
    static member stroke(value: string) = Interop.attr "stroke" value
    static member strokeWidth(value: float) = Interop.attr "strokeWidth" value
    static member strokeLinecap(value: string) = Interop.attr "strokeLinecap" value
    static member width(value: int) = Interop.attr "width" value
    static member height(value: int) = Interop.attr "height" value
    static member cx(value: float) = Interop.attr "cx" value
    static member cy(value: float) = Interop.attr "cy" value
    static member r(value: float) = Interop.attr "r" value
    static member className(value: string) = Interop.attr "className" value

    static member children(elements: ReactElement seq) =
        Interop.attr "children" (Interop.children elements)

type Html =
    static member none: ReactElement = unbox null
    static member text(value: string) : ReactElement = unbox value
    static member fragment(elements: ReactElement seq) : ReactElement = unbox (Interop.children elements)
    static member div(props: IReactProperty list) = Interop.element "div" props
    static member div(elements: ReactElement list) = Interop.elementOf "div" elements
    static member div(value: string) = Interop.text "div" value
    static member span(props: IReactProperty list) = Interop.element "span" props
    static member span(value: string) = Interop.text "span" value
    static member dialog(props: IReactProperty list) = Interop.element "dialog" props
    static member p(props: IReactProperty list) = Interop.element "p" props
    static member progress(props: IReactProperty list) = Interop.element "progress" props
    static member p(value: string) = Interop.text "p" value
    static member h1(props: IReactProperty list) = Interop.element "h1" props
    static member h1(value: string) = Interop.text "h1" value
    static member h2(props: IReactProperty list) = Interop.element "h2" props
    static member h2(value: string) = Interop.text "h2" value
    static member a(props: IReactProperty list) = Interop.element "a" props
    static member nav(props: IReactProperty list) = Interop.element "nav" props
    static member main(props: IReactProperty list) = Interop.element "main" props
    static member header(props: IReactProperty list) = Interop.element "header" props
    static member aside(props: IReactProperty list) = Interop.element "aside" props
    static member section(props: IReactProperty list) = Interop.element "section" props
    static member article(props: IReactProperty list) = Interop.element "article" props
    static member ul(props: IReactProperty list) = Interop.element "ul" props
    static member ol(props: IReactProperty list) = Interop.element "ol" props
    static member li(props: IReactProperty list) = Interop.element "li" props
    static member li(value: string) = Interop.text "li" value
    static member dl(props: IReactProperty list) = Interop.element "dl" props
    static member dt(value: string) = Interop.text "dt" value
    static member dd(elements: ReactElement list) = Interop.elementOf "dd" elements
    static member strong(value: string) = Interop.text "strong" value
    static member code(props: IReactProperty list) = Interop.element "code" props
    static member code(value: string) = Interop.text "code" value
    static member custom(tag: string, props: IReactProperty list) = Interop.element tag props
    static member pre(props: IReactProperty list) = Interop.element "pre" props
    static member details(props: IReactProperty list) = Interop.element "details" props
    static member summary(value: string) = Interop.text "summary" value
    static member time(props: IReactProperty list) = Interop.element "time" props
    static member form(props: IReactProperty list) = Interop.element "form" props
    static member label(props: IReactProperty list) = Interop.element "label" props
    static member input(props: IReactProperty list) = Interop.element "input" props
    static member textarea(props: IReactProperty list) = Interop.element "textarea" props
    static member select(props: IReactProperty list) = Interop.element "select" props
    static member option(props: IReactProperty list) = Interop.element "option" props
    static member button(props: IReactProperty list) = Interop.element "button" props
    static member table(props: IReactProperty list) = Interop.element "table" props
    static member thead(elements: ReactElement list) = Interop.elementOf "thead" elements
    static member tbody(elements: ReactElement list) = Interop.elementOf "tbody" elements
    static member tr(props: IReactProperty list) = Interop.element "tr" props
    static member tr(elements: ReactElement list) = Interop.elementOf "tr" elements
    static member th(props: IReactProperty list) = Interop.element "th" props
    static member th(value: string) = Interop.text "th" value
    static member td(props: IReactProperty list) = Interop.element "td" props
    static member td(elements: ReactElement list) = Interop.elementOf "td" elements
    static member td(value: string) = Interop.text "td" value

type Svg =
    static member svg(props: IReactProperty list) = Interop.element "svg" props
    static member g(props: IReactProperty list) = Interop.element "g" props
    static member path(props: IReactProperty list) = Interop.element "path" props
    static member circle(props: IReactProperty list) = Interop.element "circle" props
    static member text(props: IReactProperty list) = Interop.element "text" props

module private Hooks =
    [<Import("useState", "react")>]
    let useState (_initial: 't) : 't * ('t -> unit) = jsNative

    [<Import("useState", "react")>]
    let useUpdater (_initial: 't) : 't * (('t -> 't) -> unit) = jsNative

    [<Import("useEffect", "react")>]
    let useEffect (_effect: Func<obj>, _dependencies: obj[]) : unit = jsNative

    [<Import("useMemo", "react")>]
    let useMemo (_compute: Func<'t>, _dependencies: obj[]) : 't = jsNative

    [<Import("useRef", "react")>]
    let useRef (_initial: 't) : IRefValue<'t> = jsNative

    [<Import("memo", "react")>]
    let memo (_render: 'props -> ReactElement, _equal: Func<'props, 'props, bool>) : obj = jsNative

    [<Import("lazy", "react")>]
    let lazy' (_load: Func<obj>) : obj = jsNative

    [<Import("Suspense", "react")>]
    let suspense: obj = jsNative

type React =
    /// A component from a render function with one record of props. A field named `key` is React's key.
    static member functionComponent(name: string, render: 'props -> ReactElement) : 'props -> ReactElement =
        let kind = box render
        kind?displayName <- name
        fun props -> Interop.createElement (kind, props)

    /// The component type behind `memo`, for libraries that create the elements themselves.
    static member memoKind(name: string, render: 'props -> ReactElement, equal: 'props -> 'props -> bool) : obj =
        let kind = Hooks.memo (render, Func<_, _, _>(equal))
        kind?displayName <- name
        kind

    /// Like functionComponent, but rendered again only when `equal` returns false for the props.
    static member memo
        (name: string, render: 'props -> ReactElement, equal: 'props -> 'props -> bool)
        : 'props -> ReactElement =
        let kind = React.memoKind (name, render, equal)
        fun props -> Interop.createElement (kind, props)

    /// A component whose code is loaded when it is first rendered.
    static member lazy'(load: unit -> JS.Promise<'props -> ReactElement>) : 'props -> ReactElement =
        let kind =
            Hooks.lazy' (Func<_>(fun () -> box (load().``then``(fun render -> createObj [ "default", box render ]))))

        fun props -> Interop.createElement (kind, props)

    static member suspense(elements: ReactElement list, fallback: ReactElement) =
        Interop.createElement (
            Hooks.suspense,
            createObj [ "children", Interop.children elements; "fallback", box fallback ]
        )

    static member useState(initial: 't) = Hooks.useState initial
    static member useStateWithUpdater(initial: 't) = Hooks.useUpdater initial
    static member useRef(initial: 't) = Hooks.useRef initial

    static member useMemo(compute: unit -> 't, dependencies: obj[]) : 't =
        Hooks.useMemo (Func<_>(compute), dependencies)

    static member useEffect(effect: unit -> unit, dependencies: obj[]) =
        Hooks.useEffect (
            Func<_>(fun () ->
                effect ()
                JS.undefined),
            dependencies
        )

    static member useEffect(effect: unit -> IDisposable, dependencies: obj[]) =
        Hooks.useEffect (
            Func<_>(fun () ->
                let running = effect ()
                box (Action(fun () -> running.Dispose()))),
            dependencies
        )

    static member createDisposable(dispose: unit -> unit) : IDisposable = {
        new IDisposable with
            member _.Dispose() = dispose ()
    }

module ReactDOM =
    [<Import("createRoot", "react-dom/client")>]
    let createRoot (_container: obj) : obj = jsNative
