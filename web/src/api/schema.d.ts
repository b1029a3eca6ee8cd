// Made by `npm run api` from the OpenAPI document. Do not edit.

export interface paths {
    "/api/admin/ai-models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All models, by provider and code. */
        get: {
            parameters: {
                query?: {
                    /** @description Only active or only inactive ones. */
                    isActive?: boolean;
                    /** @description Only those at this point of their life. */
                    lifecycle?: string;
                    /** @description Only those that do this. */
                    modelType?: string;
                    /** @description From 1; without it the whole list is answered. */
                    page?: number;
                    /** @description Rows a page. */
                    pageSize?: number;
                    /** @description Only this provider's. */
                    providerId?: number;
                    /** @description Only those whose code or name contains this. */
                    search?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Listed_ModelView"];
                    };
                };
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        /** Add a model to a provider. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewModel"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_ModelView"];
                    };
                };
                400: components["responses"]["MalformedJson"];
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["PayloadTooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/ai-models/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One model. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_ModelView"];
                    };
                };
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        /** Change a model; what is absent stays. A changed cost is a new price from now on. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ModelPatch"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_ModelView"];
                    };
                };
                400: components["responses"]["MalformedJson"];
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["PayloadTooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        post?: never;
        /** Delete a model; reports keep its name. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope"];
                    };
                };
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/ai-models/{id}/prices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A model's prices, newest first. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Listed_PriceView"];
                    };
                };
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        /** Give a model a new price from a date on. Nothing is overwritten. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewPrice"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_Vec_PriceView"];
                    };
                };
                400: components["responses"]["MalformedJson"];
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["PayloadTooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/ai-models/{id}/reprice": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Price a model's recorded calls again, each by the price that is now known for its time. What
         *     budgets have counted stays.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["RepriceBody"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_RepriceView"];
                    };
                };
                400: components["responses"]["MalformedJson"];
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["PayloadTooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
                504: components["responses"]["ReportTimeout"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/ai-providers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All providers, in their order. */
        get: {
            parameters: {
                query?: {
                    /** @description Only active or only inactive ones. */
                    isActive?: boolean;
                    /** @description From 1; without it the whole list is answered. */
                    page?: number;
                    /** @description Rows a page. */
                    pageSize?: number;
                    /** @description Only providers whose code or name contains this. */
                    search?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Listed_ProviderView"];
                    };
                };
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        /** Add a provider. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewProvider"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_ProviderView"];
                    };
                };
                400: components["responses"]["MalformedJson"];
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["PayloadTooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/ai-providers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One provider. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_ProviderView"];
                    };
                };
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        /** Change a provider; what is absent stays. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ProviderPatch"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_ProviderView"];
                    };
                };
                400: components["responses"]["MalformedJson"];
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["PayloadTooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        post?: never;
        /** Delete a provider with its keys and models; reports keep its name. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope"];
                    };
                };
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/ai-providers/{id}/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A provider's keys, masked, with their live use. */
        get: {
            parameters: {
                query?: {
                    /** @description From 1; without it the whole list is answered. */
                    page?: number;
                    /** @description Rows a page. */
                    pageSize?: number;
                    /** @description Only rows whose name or code contains this. */
                    search?: string;
                };
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Listed_KeyView"];
                    };
                };
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        /** Add a key to a provider. It is sealed before it is stored and never shown again. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewKey"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_KeyView"];
                    };
                };
                400: components["responses"]["MalformedJson"];
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["PayloadTooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/ai-providers/{id}/keys/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Add several pasted keys, a line each: the key alone, or its name before it. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ImportBody"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_ImportView"];
                    };
                };
                400: components["responses"]["MalformedJson"];
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["PayloadTooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/ai-providers/{id}/keys/priorities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Put a provider's keys into another order, all at once. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["KeyPriorities"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_Vec_KeyView"];
                    };
                };
                400: components["responses"]["MalformedJson"];
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["PayloadTooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/ai-providers/{id}/sync-models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Fetch the provider's model list. New models become active, with prices where they are known. */
        post: {
            parameters: {
                query?: {
                    /** @description Say what would change, and change nothing. */
                    dryRun?: boolean;
                };
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_SyncView"];
                    };
                };
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                502: components["responses"]["ProviderError"];
                503: components["responses"]["Unavailable"];
                504: components["responses"]["ProviderTimeout"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/ai-providers/keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Change a key; what is absent stays, a new `apiKey` replaces the old one. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["KeyPatch"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_KeyView"];
                    };
                };
                400: components["responses"]["MalformedJson"];
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["PayloadTooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        post?: never;
        /** Delete a key; its secret is wiped. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope"];
                    };
                };
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/ai-providers/keys/{id}/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Clear a key's errors and let it be used again. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_KeyView"];
                    };
                };
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/ai-providers/keys/{id}/validate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask the provider whether it lets a key in; the answer sets the key's status. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_VerdictView"];
                    };
                };
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                502: components["responses"]["ProviderError"];
                503: components["responses"]["Unavailable"];
                504: components["responses"]["ProviderTimeout"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/ai-providers/presets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a new provider may start from: base URLs, protocols and quirks that are known. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_Vec_PresetView"];
                    };
                };
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/ai-routes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All routes. */
        get: {
            parameters: {
                query?: {
                    /** @description From 1; without it the whole list is answered. */
                    page?: number;
                    /** @description Rows a page. */
                    pageSize?: number;
                    /** @description Only rows whose name or code contains this. */
                    search?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Listed_RouteView"];
                    };
                };
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        /** Add a route. Its alias goes before a model's code of the same name. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewRoute"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_RouteView"];
                    };
                };
                400: components["responses"]["MalformedJson"];
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["PayloadTooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/ai-routes/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One route. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_RouteView"];
                    };
                };
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        /** Change a route; what is absent stays. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["RoutePatch"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_RouteView"];
                    };
                };
                400: components["responses"]["MalformedJson"];
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["PayloadTooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        post?: never;
        /** Delete a route; calls that name it are refused at once. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope"];
                    };
                };
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/ai-routes/outlook": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Where calls of a route would go now, target by target: its share, the next key and why others
         *     would be passed over. Nothing is asked of any provider.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["RouteOutlookBody"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_Vec_TargetOutlook"];
                    };
                };
                400: components["responses"]["MalformedJson"];
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["PayloadTooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/ai-routes/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try a route out: ask each of its targets, for real, whether it is saved or not. The calls are
         *     on record and cost what they cost.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["RouteTestBody"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_RouteTestView"];
                    };
                };
                400: components["responses"]["MalformedJson"];
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["PayloadTooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/ai-stats/dashboard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Sums, trend, errors and rankings of the last calendar days, or of another time. */
        get: {
            parameters: {
                query?: {
                    /** @description Only calls of this app token. */
                    appId?: number;
                    /**
                     * @description True: also what the time before adds up to. For whole months these are the months before,
                     *     for whole days the days before, else what took as long. Where the time is not over, what was
                     *     before is cut at the same place.
                     */
                    compare?: boolean;
                    /** @description Calendar days in `tz`, today included; not with `startDate` or `endDate`. */
                    days?: number;
                    /** @description Until when; a date is included; now where absent. */
                    endDate?: string;
                    /** @description What a point of the trend is; at most 2,000 of them. */
                    interval?: "hour" | "day" | "month";
                    /** @description Only calls with this key. */
                    keyId?: number;
                    /** @description Only calls to this model, by its code. */
                    model?: string;
                    /** @description Only calls to this provider. */
                    providerId?: number;
                    /** @description From when: a date in `tz`, or RFC 3339. */
                    startDate?: string;
                    /** @description An IANA time zone; the server's default where absent. */
                    tz?: string;
                    /** @description Only calls of this user. */
                    userId?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Report_DashboardView"];
                    };
                };
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
                504: components["responses"]["ReportTimeout"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/ai-stats/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Calls on record, newest first, each by its final attempt. */
        get: {
            parameters: {
                query?: {
                    /** @description Only calls of this app token. */
                    appId?: number;
                    /** @description Until when; a date is included. */
                    endDate?: string;
                    /** @description Only calls for this end user. */
                    endUser?: string;
                    /** @description Only calls that failed with this code. */
                    errorCode?: string;
                    /** @description Only calls of which some attempt failed with this key, whatever came of them. */
                    failedKeyId?: number;
                    /** @description Only calls with this key. */
                    keyId?: number;
                    /** @description Only calls to this model, by its code. */
                    model?: string;
                    /** @description From 1. */
                    page?: number;
                    /** @description Rows a page. */
                    pageSize?: number;
                    /** @description Only calls to this provider. */
                    providerId?: number;
                    /** @description Only calls that named this model or alias. */
                    requestedModel?: string;
                    /** @description Only the call with this id. */
                    requestId?: string;
                    /** @description From when: a date in `tz`, or RFC 3339. */
                    startDate?: string;
                    status?: "success" | "error" | "cancelled";
                    /** @description An IANA time zone; the server's default where absent. */
                    tz?: string;
                    /** @description True: only what used tokens, or was answered, and has no price. */
                    unpriced?: boolean;
                    /** @description Only calls of this user. */
                    userId?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_LogsView"];
                    };
                };
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
                504: components["responses"]["ReportTimeout"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/ai-stats/logs/{requestId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One call with all its attempts, each with how it came to its key and to its cost. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The `X-Request-Id` of its answer */
                    requestId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_CallView"];
                    };
                };
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/ai-stats/logs/errors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What failed, by code and by key. */
        get: {
            parameters: {
                query?: {
                    /** @description Only calls of this app token. */
                    appId?: number;
                    /**
                     * @description True: also what the time before adds up to. For whole months these are the months before,
                     *     for whole days the days before, else what took as long. Where the time is not over, what was
                     *     before is cut at the same place.
                     */
                    compare?: boolean;
                    /** @description Until when; a date is included; now where absent. */
                    endDate?: string;
                    /** @description What a point of the trend is, at most 2,000 of them; no trend where absent. */
                    interval?: "hour" | "day" | "month";
                    /** @description Only calls with this key. */
                    keyId?: number;
                    /** @description Only calls to this model, by its code. */
                    model?: string;
                    /** @description Only calls to this provider. */
                    providerId?: number;
                    /** @description From when: a date in `tz`, or RFC 3339; 30 days before the end where absent. */
                    startDate?: string;
                    /** @description An IANA time zone; the server's default where absent. */
                    tz?: string;
                    /** @description Only calls of this user. */
                    userId?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_ErrorsReportView"];
                    };
                };
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
                504: components["responses"]["ReportTimeout"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/ai-stats/logs/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Attempts on record, oldest first, as CSV.
         * @description A row is an attempt, so that tokens and costs add up to those of `/usage`; a call has one row
         *     with `isFinal`. The filters look at each attempt. A file that was cut short did not end well.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Only calls of this app token. */
                    appId?: number;
                    /** @description Until when; a date is included. */
                    endDate?: string;
                    /** @description Only calls for this end user. */
                    endUser?: string;
                    /** @description Only calls that failed with this code. */
                    errorCode?: string;
                    /** @description Only calls of which some attempt failed with this key, whatever came of them. */
                    failedKeyId?: number;
                    /** @description How the file is written. */
                    format?: "csv";
                    /** @description Only calls with this key. */
                    keyId?: number;
                    /** @description Only calls to this model, by its code. */
                    model?: string;
                    /** @description Only calls to this provider. */
                    providerId?: number;
                    /** @description Only calls that named this model or alias. */
                    requestedModel?: string;
                    /** @description Only the call with this id. */
                    requestId?: string;
                    /** @description From when: a date in `tz`, or RFC 3339. */
                    startDate?: string;
                    status?: "success" | "error" | "cancelled";
                    /** @description An IANA time zone; the server's default where absent. */
                    tz?: string;
                    /** @description True: only what used tokens, or was answered, and has no price. */
                    unpriced?: boolean;
                    /** @description Only calls of this user. */
                    userId?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/csv": string;
                    };
                };
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
                504: components["responses"]["ReportTimeout"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/ai-stats/logs/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * New calls, each when this instance records it, as events.
         * @description An unnamed event is a call, as the list of calls has it. Who reads too slowly misses some, and an
         *     event `lagged` says how many (`{"missed": 12}`). The stream ends after an hour, when the session
         *     ends, and when the server stops.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Only calls of this app token. */
                    appId?: number;
                    /** @description Only calls for this end user. */
                    endUser?: string;
                    /** @description Only calls that failed with this code. */
                    errorCode?: string;
                    /** @description Only calls with this key. */
                    keyId?: number;
                    /** @description Only calls to this model, by its code. */
                    model?: string;
                    /** @description Only calls to this provider. */
                    providerId?: number;
                    /** @description Only calls that named this model or alias. */
                    requestedModel?: string;
                    status?: "success" | "error" | "cancelled";
                    /** @description True: only what used tokens, or was answered, and has no price. */
                    unpriced?: boolean;
                    /** @description Only calls of this user. */
                    userId?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": components["schemas"]["LogView"];
                    };
                };
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/ai-stats/unpriced": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Models whose calls used tokens, or were answered, and have no price, most calls first. */
        get: {
            parameters: {
                query?: {
                    /** @description Until when; a date is included; now where absent. */
                    endDate?: string;
                    /** @description From when: a date in `tz`, or RFC 3339; 30 days before the end where absent. */
                    startDate?: string;
                    /** @description An IANA time zone; the server's default where absent. */
                    tz?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_Vec_UnpricedView"];
                    };
                };
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
                504: components["responses"]["ReportTimeout"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/ai-stats/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Usage by time, provider, model, key, app or user.
         * @description Requests are calls; tokens and cost are of every attempt.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Only calls of this app token. */
                    appId?: number;
                    /** @description Until when; a date is included; now where absent. */
                    endDate?: string;
                    /** @description Only calls for this end user. */
                    endUser?: string;
                    /** @description What a row stands for. */
                    groupBy?: "hour" | "day" | "month" | "provider" | "model" | "key" | "app" | "user";
                    /** @description Only calls with this key. */
                    keyId?: number;
                    /** @description Only calls to this model, by its code. */
                    model?: string;
                    /** @description Only calls to this provider. */
                    providerId?: number;
                    /** @description From when: a date in `tz`, or RFC 3339; 30 days before the end where absent. */
                    startDate?: string;
                    /** @description An IANA time zone; the server's default where absent. */
                    tz?: string;
                    /** @description Only calls of this user. */
                    userId?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Report_Vec_UsageRow"];
                    };
                };
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
                504: components["responses"]["ReportTimeout"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/ai-stats/usage/breakdown": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Usage by one thing, or by one with another, against the time before. */
        get: {
            parameters: {
                query?: {
                    /** @description Only calls of this app token. */
                    appId?: number;
                    /** @description What a row is. */
                    by?: "provider" | "model" | "key" | "app" | "user";
                    /**
                     * @description True: also what the time before adds up to. For whole months these are the months before,
                     *     for whole days the days before, else what took as long. Where the time is not over, what was
                     *     before is cut at the same place.
                     */
                    compare?: boolean;
                    /** @description Until when; a date is included; now where absent. */
                    endDate?: string;
                    /** @description Only calls with this key. */
                    keyId?: number;
                    /** @description Only calls to this model, by its code. */
                    model?: string;
                    /** @description Only calls to this provider. */
                    providerId?: number;
                    /** @description From when: a date in `tz`, or RFC 3339; 30 days before the end where absent. */
                    startDate?: string;
                    /** @description What it is cut into further; another one than `by`. */
                    then?: "provider" | "model" | "key" | "app" | "user";
                    /** @description An IANA time zone; the server's default where absent. */
                    tz?: string;
                    /** @description Only calls of this user. */
                    userId?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_BreakdownView"];
                    };
                };
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
                504: components["responses"]["ReportTimeout"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/ai-stats/usage/series": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How the members of a dimension that matter most develop beside each other.
         * @description Calls that have no member of it are in the points alone.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Only calls of this app token. */
                    appId?: number;
                    /** @description What a line is. */
                    by?: "provider" | "model" | "key" | "app" | "user";
                    /** @description Calendar days in `tz`, today included; not with `startDate` or `endDate`. */
                    days?: number;
                    /** @description Until when; a date is included; now where absent. */
                    endDate?: string;
                    /** @description What a point of the trend is; at most 2,000 of them. */
                    interval?: "hour" | "day" | "month";
                    /** @description Only calls with this key. */
                    keyId?: number;
                    /** @description Only calls to this model, by its code. */
                    model?: string;
                    /** @description Only calls to this provider. */
                    providerId?: number;
                    /** @description Which members have lines. */
                    rankBy?: "requests" | "errors" | "tokens" | "cost";
                    /** @description From when: a date in `tz`, or RFC 3339. */
                    startDate?: string;
                    /** @description How many members have lines; 6 where absent. */
                    top?: number;
                    /** @description An IANA time zone; the server's default where absent. */
                    tz?: string;
                    /** @description Only calls of this user. */
                    userId?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Report_SeriesView"];
                    };
                };
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
                504: components["responses"]["ReportTimeout"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/ai-stats/usage/trend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The last calendar days, today included, empty ones as zeros. */
        get: {
            parameters: {
                query?: {
                    /** @description Calendar days in `tz`, today included. */
                    days?: number;
                    /** @description An IANA time zone; the server's default where absent. */
                    tz?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Report_Vec_TrendView"];
                    };
                };
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
                504: components["responses"]["ReportTimeout"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/alerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What went wrong and when it was over, newest first.
         * @description An alert fires once, and tells what is wrong last, until that is over; `deliveries` tells which
         *     channels know of it.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Fired until when; a date is included. */
                    endDate?: string;
                    kind?: "key_unavailable" | "provider_without_key" | "error_rate" | "budget_spent" | "journal_backlog" | "records_dropped" | "model_unpriced" | "model_shutdown" | "cost_above_bound";
                    level?: "info" | "warning" | "critical";
                    /** @description Only alerts that last (`true`), or that are over (`false`). */
                    open?: boolean;
                    /** @description From 1. */
                    page?: number;
                    /** @description Rows a page. */
                    pageSize?: number;
                    /** @description Fired from when: a date in `tz`, or RFC 3339. */
                    startDate?: string;
                    /** @description An IANA time zone; the server's default where absent. */
                    tz?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_AlertPage"];
                    };
                };
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/alerts/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a test notice through a channel, and see whether it takes it.
         * @description It is sent once, whether the channel is switched on or off; nothing of it is in the list of
         *     alerts.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ChannelTrial"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_TrialView"];
                    };
                };
                400: components["responses"]["MalformedJson"];
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["PayloadTooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/app-tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All app tokens. */
        get: {
            parameters: {
                query?: {
                    /** @description From 1; without it the whole list is answered. */
                    page?: number;
                    /** @description Rows a page. */
                    pageSize?: number;
                    /** @description Only rows whose name or code contains this. */
                    search?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Listed_AppTokenView"];
                    };
                };
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        /** Make an app token. The answer shows the token, which nothing shows again. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewAppToken"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_AppTokenView"];
                    };
                };
                400: components["responses"]["MalformedJson"];
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["PayloadTooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/app-tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Change an app token; what is absent stays. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["AppTokenPatch"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_AppTokenView"];
                    };
                };
                400: components["responses"]["MalformedJson"];
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["PayloadTooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        post?: never;
        /** Delete an app token; it stops working at once. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope"];
                    };
                };
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/audit-logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who changed what, newest first. */
        get: {
            parameters: {
                query?: {
                    /** @description Only this kind of deed. */
                    action?: string;
                    /** @description Until when; a date is included. */
                    endDate?: string;
                    /** @description From 1. */
                    page?: number;
                    /** @description Rows a page. */
                    pageSize?: number;
                    /**
                     * @description Only this kind of thing: `provider`, `key`, `model`, `price`, `app_token`, `user`,
                     *     `settings`.
                     */
                    resource?: string;
                    /** @description Only this thing. */
                    resourceId?: number;
                    /** @description From when: a date in `tz`, or RFC 3339. */
                    startDate?: string;
                    /** @description An IANA time zone; the server's default where absent. */
                    tz?: string;
                    /** @description Only what this user did. */
                    userId?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_AuditPage"];
                    };
                };
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The runtime settings, and which of them the configuration decides. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_SettingsView"];
                    };
                };
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        /** Change runtime settings; every instance acts by them within a second. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["SettingsPatch"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_SettingsView"];
                    };
                };
                400: components["responses"]["MalformedJson"];
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["PayloadTooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All users. */
        get: {
            parameters: {
                query?: {
                    /** @description From 1; without it the whole list is answered. */
                    page?: number;
                    /** @description Rows a page. */
                    pageSize?: number;
                    /** @description Only rows whose name or code contains this. */
                    search?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Listed_UserView"];
                    };
                };
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        /** Add a user. They are asked to choose a password of their own. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewUser"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_UserView"];
                    };
                };
                400: components["responses"]["MalformedJson"];
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["PayloadTooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change a user; what is absent stays. A new password ends their sessions; with a new role they
         *     refresh or sign in again.
         */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["UserPatch"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_UserView"];
                    };
                };
                400: components["responses"]["MalformedJson"];
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["PayloadTooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        post?: never;
        /** Delete a user; their sessions end at once, their app tokens go on. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope"];
                    };
                };
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                /** @description The last admin */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/users/{id}/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where a user is signed in: their sessions that have not ended, the last used first. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_Vec_SessionView"];
                    };
                };
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        /** End every session of a user; they may sign in again. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope"];
                    };
                };
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/ai/chat/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Answer several chats at once.
         * @description Each is a call of its own: with its own record, limits and budget, and its own result or error,
         *     in the order of the requests. Leaving cancels those that are under way.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["BatchBody"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_BatchView"];
                    };
                };
                400: components["responses"]["MalformedJson"];
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["PayloadTooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/ai/chat/completions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Answer messages.
         * @description With `stream`, the answer is server-sent events whose data is an `EventView`; the last one has
         *     `usage` and `cost`, and `[DONE]` follows. A failure after the first is an event named `error`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ChatBody"];
                };
            };
            responses: {
                /** @description The answer */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_AnswerView"];
                        "text/event-stream": components["schemas"]["EventView"];
                    };
                };
                400: components["responses"]["MalformedJson"];
                401: components["responses"]["Unauthenticated"];
                402: components["responses"]["BudgetExceeded"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["PayloadTooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                502: components["responses"]["ProviderError"];
                503: components["responses"]["Unavailable"];
                504: components["responses"]["ProviderTimeout"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/ai/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The models that this caller may use. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_Vec_UsableModelView"];
                    };
                };
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/ai/tokens/count": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Count tokens.
         * @description The provider counts where it can, as if the text were a user's message; for OpenAI's models,
         *     their tokenizer does, of texts up to 256 KiB. Else the number is an estimate. It costs nothing.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["CountBody"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_CountView"];
                    };
                };
                400: components["responses"]["MalformedJson"];
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["PayloadTooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                502: components["responses"]["ProviderError"];
                503: components["responses"]["Unavailable"];
                504: components["responses"]["ProviderTimeout"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/ai/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the caller has used, and what it may still use.
         * @description An app token reads its own; a user reads what counts for them, by their app tokens too.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_OwnUsageView"];
                    };
                };
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign in. After five wrong passwords the next attempts have to wait. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Login"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_GrantView"];
                    };
                };
                400: components["responses"]["MalformedJson"];
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["PayloadTooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign out: end this session, or every one. */
        post: {
            parameters: {
                query?: {
                    /** @description Every session of this user, not only this one. */
                    all?: boolean;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope"];
                    };
                };
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who I am. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_MeView"];
                    };
                };
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Change my password. Every session ends; the answer begins a new one. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewPassword"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_GrantView"];
                    };
                };
                400: components["responses"]["MalformedJson"];
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["PayloadTooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Exchange a refresh token for a new pair. One that was used more than ten seconds ago ends the
         *     session.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Refresh"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_GrantView"];
                    };
                };
                400: components["responses"]["MalformedJson"];
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["PayloadTooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A page to browse it. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description A page */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/html": unknown;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OpenAPI 3.1 */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": unknown;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/status/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How Tollgate fares.
         * @description Without a token, and to apps: the overall state and how many keys there are. To admins and
         *     analysts: each provider's share of the load, each key's use and status, the database, and what
         *     is done by the clock.
         *     Requests and tokens of the last minute are those of the instance that answers.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_StatusView"];
                    };
                };
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/status/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try every active key out: ask its provider something, for real. The calls are on record and
         *     cost what they cost.
         * @description A key that is out is shown to its provider first, which puts it to use again where that takes
         *     it. A key that rests because its provider asked it to is not asked.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["KeyTestBody"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_KeyTestView"];
                    };
                };
                400: components["responses"]["MalformedJson"];
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["PayloadTooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process lives. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description It does */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether chat can be served, which is so while the database is away too. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description It can */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
                /** @description Not yet, or no longer */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/loadbalancer/algorithm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Choose how keys share the load: of one provider, or of every one and those to come. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["AlgorithmBody"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_AlgorithmView"];
                    };
                };
                400: components["responses"]["MalformedJson"];
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                409: components["responses"]["Conflict"];
                413: components["responses"]["PayloadTooLarge"];
                415: components["responses"]["UnsupportedMediaType"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/loadbalancer/instances": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every upstream key with its health, its use and its share of the load. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_Vec_InstanceView"];
                    };
                };
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/loadbalancer/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How each provider's load is shared among its keys. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_Vec_ProviderLoadView"];
                    };
                };
                401: components["responses"]["Unauthenticated"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                422: components["responses"]["ValidationFailed"];
                429: components["responses"]["RateLimited"];
                500: components["responses"]["Internal"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Everything that is counted, in Prometheus' text format.
         * @description For this machine itself; for others with `METRICS_TOKEN` as bearer token, where it is set.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The metrics */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
                /** @description The token does not hold */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Only this machine may read them */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Metrics are switched off */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/chat/completions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Answer messages, in OpenAI's format.
         * @description The body travels to the provider as it is; only what routing needs is read from it. A field of
         *     our own, `fallbacks: [{"providerCode", "model"}]` (at most 5), says where the call goes after a
         *     failure, and stays here.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            /** @description OpenAI's chat completion request */
            requestBody: {
                content: {
                    "application/json": unknown;
                };
            };
            responses: {
                /** @description OpenAI's chat completion; with `stream`, server-sent events of its chunks */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": unknown;
                        "text/event-stream": string;
                    };
                };
                /** @description The body is not JSON, a field holds what it may not, or the provider refuses it */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["OpenAiError"];
                        };
                    };
                };
                /** @description No credentials, or none that hold */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["OpenAiError"];
                        };
                    };
                };
                /** @description The app token's budget does not allow the call */
                402: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["OpenAiError"];
                        };
                    };
                };
                /** @description Good credentials that do not allow this */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["OpenAiError"];
                        };
                    };
                };
                /** @description There is no such model */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["OpenAiError"];
                        };
                    };
                };
                /** @description The body is too long */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["OpenAiError"];
                        };
                    };
                };
                /** @description The body is not announced as JSON */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["OpenAiError"];
                        };
                    };
                };
                /** @description The provider cannot process the request */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["OpenAiError"];
                        };
                    };
                };
                /** @description Too many, too fast; `Retry-After` says how long to wait */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["OpenAiError"];
                        };
                    };
                };
                /** @description A defect of Tollgate */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["OpenAiError"];
                        };
                    };
                };
                /** @description The provider failed */
                502: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["OpenAiError"];
                        };
                    };
                };
                /** @description The provider is overloaded, no key is available, or calls cannot be recorded now */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["OpenAiError"];
                        };
                    };
                };
                /** @description The provider did not answer in time */
                504: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["OpenAiError"];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/embeddings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Turn texts into vectors, in OpenAI's format. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            /** @description OpenAI's embeddings request */
            requestBody: {
                content: {
                    "application/json": unknown;
                };
            };
            responses: {
                /** @description OpenAI's list of embeddings */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": unknown;
                    };
                };
                /** @description The body is not JSON, a field holds what it may not, or the provider refuses it */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["OpenAiError"];
                        };
                    };
                };
                /** @description No credentials, or none that hold */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["OpenAiError"];
                        };
                    };
                };
                /** @description The app token's budget does not allow the call */
                402: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["OpenAiError"];
                        };
                    };
                };
                /** @description Good credentials that do not allow this */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["OpenAiError"];
                        };
                    };
                };
                /** @description There is no such model */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["OpenAiError"];
                        };
                    };
                };
                /** @description The body is too long */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["OpenAiError"];
                        };
                    };
                };
                /** @description The body is not announced as JSON */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["OpenAiError"];
                        };
                    };
                };
                /** @description The provider cannot process the request */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["OpenAiError"];
                        };
                    };
                };
                /** @description Too many, too fast; `Retry-After` says how long to wait */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["OpenAiError"];
                        };
                    };
                };
                /** @description A defect of Tollgate */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["OpenAiError"];
                        };
                    };
                };
                /** @description The provider failed */
                502: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["OpenAiError"];
                        };
                    };
                };
                /** @description The provider is overloaded, no key is available, or calls cannot be recorded now */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["OpenAiError"];
                        };
                    };
                };
                /** @description The provider did not answer in time */
                504: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["OpenAiError"];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Answer messages, in Anthropic's format.
         * @description To a provider that speaks it the body travels as it is, with `anthropic-version` and
         *     `anthropic-beta`; for others it is translated. A field of our own,
         *     `fallbacks: [{"providerCode", "model"}]` (at most 5), says where the call goes after a failure,
         *     and stays here.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Names joined by commas */
                    "anthropic-beta"?: string | null;
                    /** @description Not required here */
                    "anthropic-version"?: string | null;
                };
                path?: never;
                cookie?: never;
            };
            /** @description Anthropic's message request */
            requestBody: {
                content: {
                    "application/json": unknown;
                };
            };
            responses: {
                /** @description Anthropic's message; with `stream`, its server-sent events */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": unknown;
                        "text/event-stream": string;
                    };
                };
                /** @description The body is not JSON, a field holds what it may not, or the provider refuses it */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["AnthropicError"];
                            /** @description The request's id, which is also in `request-id` and in our log. */
                            request_id: string;
                            /** @description `error`. */
                            type: string;
                        };
                    };
                };
                /** @description No credentials, or none that hold */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["AnthropicError"];
                            /** @description The request's id, which is also in `request-id` and in our log. */
                            request_id: string;
                            /** @description `error`. */
                            type: string;
                        };
                    };
                };
                /** @description The app token's budget does not allow the call */
                402: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["AnthropicError"];
                            /** @description The request's id, which is also in `request-id` and in our log. */
                            request_id: string;
                            /** @description `error`. */
                            type: string;
                        };
                    };
                };
                /** @description Good credentials that do not allow this */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["AnthropicError"];
                            /** @description The request's id, which is also in `request-id` and in our log. */
                            request_id: string;
                            /** @description `error`. */
                            type: string;
                        };
                    };
                };
                /** @description There is no such model */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["AnthropicError"];
                            /** @description The request's id, which is also in `request-id` and in our log. */
                            request_id: string;
                            /** @description `error`. */
                            type: string;
                        };
                    };
                };
                /** @description The body is too long */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["AnthropicError"];
                            /** @description The request's id, which is also in `request-id` and in our log. */
                            request_id: string;
                            /** @description `error`. */
                            type: string;
                        };
                    };
                };
                /** @description The body is not announced as JSON */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["AnthropicError"];
                            /** @description The request's id, which is also in `request-id` and in our log. */
                            request_id: string;
                            /** @description `error`. */
                            type: string;
                        };
                    };
                };
                /** @description The provider cannot process the request */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["AnthropicError"];
                            /** @description The request's id, which is also in `request-id` and in our log. */
                            request_id: string;
                            /** @description `error`. */
                            type: string;
                        };
                    };
                };
                /** @description Too many, too fast; `Retry-After` says how long to wait */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["AnthropicError"];
                            /** @description The request's id, which is also in `request-id` and in our log. */
                            request_id: string;
                            /** @description `error`. */
                            type: string;
                        };
                    };
                };
                /** @description A defect of Tollgate */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["AnthropicError"];
                            /** @description The request's id, which is also in `request-id` and in our log. */
                            request_id: string;
                            /** @description `error`. */
                            type: string;
                        };
                    };
                };
                /** @description The provider failed */
                502: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["AnthropicError"];
                            /** @description The request's id, which is also in `request-id` and in our log. */
                            request_id: string;
                            /** @description `error`. */
                            type: string;
                        };
                    };
                };
                /** @description The provider is overloaded, no key is available, or calls cannot be recorded now */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["AnthropicError"];
                            /** @description The request's id, which is also in `request-id` and in our log. */
                            request_id: string;
                            /** @description `error`. */
                            type: string;
                        };
                    };
                };
                /** @description The provider did not answer in time */
                504: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["AnthropicError"];
                            /** @description The request's id, which is also in `request-id` and in our log. */
                            request_id: string;
                            /** @description `error`. */
                            type: string;
                        };
                    };
                };
                /** @description The provider is overloaded */
                529: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["AnthropicError"];
                            /** @description The request's id, which is also in `request-id` and in our log. */
                            request_id: string;
                            /** @description `error`. */
                            type: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/messages/count_tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Count the tokens of messages, in Anthropic's format.
         * @description The provider counts where it can, else the number is Tollgate's estimate;
         *     `x-tollgate-token-count` says which: `exact` or `estimate`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Names joined by commas */
                    "anthropic-beta"?: string | null;
                    /** @description Not required here */
                    "anthropic-version"?: string | null;
                };
                path?: never;
                cookie?: never;
            };
            /** @description Anthropic's message request; `max_tokens` is not required */
            requestBody: {
                content: {
                    "application/json": unknown;
                };
            };
            responses: {
                /** @description `{"input_tokens": 21}` */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": unknown;
                    };
                };
                /** @description The body is not JSON, a field holds what it may not, or the provider refuses it */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["AnthropicError"];
                            /** @description The request's id, which is also in `request-id` and in our log. */
                            request_id: string;
                            /** @description `error`. */
                            type: string;
                        };
                    };
                };
                /** @description No credentials, or none that hold */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["AnthropicError"];
                            /** @description The request's id, which is also in `request-id` and in our log. */
                            request_id: string;
                            /** @description `error`. */
                            type: string;
                        };
                    };
                };
                /** @description The app token's budget does not allow the call */
                402: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["AnthropicError"];
                            /** @description The request's id, which is also in `request-id` and in our log. */
                            request_id: string;
                            /** @description `error`. */
                            type: string;
                        };
                    };
                };
                /** @description Good credentials that do not allow this */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["AnthropicError"];
                            /** @description The request's id, which is also in `request-id` and in our log. */
                            request_id: string;
                            /** @description `error`. */
                            type: string;
                        };
                    };
                };
                /** @description There is no such model */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["AnthropicError"];
                            /** @description The request's id, which is also in `request-id` and in our log. */
                            request_id: string;
                            /** @description `error`. */
                            type: string;
                        };
                    };
                };
                /** @description The body is too long */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["AnthropicError"];
                            /** @description The request's id, which is also in `request-id` and in our log. */
                            request_id: string;
                            /** @description `error`. */
                            type: string;
                        };
                    };
                };
                /** @description The body is not announced as JSON */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["AnthropicError"];
                            /** @description The request's id, which is also in `request-id` and in our log. */
                            request_id: string;
                            /** @description `error`. */
                            type: string;
                        };
                    };
                };
                /** @description The provider cannot process the request */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["AnthropicError"];
                            /** @description The request's id, which is also in `request-id` and in our log. */
                            request_id: string;
                            /** @description `error`. */
                            type: string;
                        };
                    };
                };
                /** @description Too many, too fast; `Retry-After` says how long to wait */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["AnthropicError"];
                            /** @description The request's id, which is also in `request-id` and in our log. */
                            request_id: string;
                            /** @description `error`. */
                            type: string;
                        };
                    };
                };
                /** @description A defect of Tollgate */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["AnthropicError"];
                            /** @description The request's id, which is also in `request-id` and in our log. */
                            request_id: string;
                            /** @description `error`. */
                            type: string;
                        };
                    };
                };
                /** @description The provider failed */
                502: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["AnthropicError"];
                            /** @description The request's id, which is also in `request-id` and in our log. */
                            request_id: string;
                            /** @description `error`. */
                            type: string;
                        };
                    };
                };
                /** @description The provider is overloaded, no key is available, or calls cannot be recorded now */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["AnthropicError"];
                            /** @description The request's id, which is also in `request-id` and in our log. */
                            request_id: string;
                            /** @description `error`. */
                            type: string;
                        };
                    };
                };
                /** @description The provider did not answer in time */
                504: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["AnthropicError"];
                            /** @description The request's id, which is also in `request-id` and in our log. */
                            request_id: string;
                            /** @description `error`. */
                            type: string;
                        };
                    };
                };
                /** @description The provider is overloaded */
                529: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The failure. */
                            error: components["schemas"]["AnthropicError"];
                            /** @description The request's id, which is also in `request-id` and in our log. */
                            request_id: string;
                            /** @description `error`. */
                            type: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The models that this caller may use.
         * @description With `anthropic-version` they come in Anthropic's format, a page at a time and without those
         *     that only make vectors.
         */
        get: {
            parameters: {
                query?: {
                    /** @description With `anthropic-version`: the page begins after this model. */
                    after_id?: string;
                    /** @description With `anthropic-version`: the page ends before this model. */
                    before_id?: string;
                    /** @description With `anthropic-version`: only models at this point of their life. */
                    lifecycle?: components["schemas"]["AnthropicLifecycle"];
                    /** @description With `anthropic-version`: models on a page, by default 20. */
                    limit?: number;
                };
                header?: {
                    /** @description Answers in Anthropic's format, whatever it holds */
                    "anthropic-version"?: string | null;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ModelList"];
                    };
                };
                /** @description A parameter holds what it may not */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiErrorBody"] | components["schemas"]["AnthropicErrorBody"];
                    };
                };
                /** @description No credentials, or none that hold */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiErrorBody"] | components["schemas"]["AnthropicErrorBody"];
                    };
                };
                /** @description Good credentials that do not allow this */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiErrorBody"] | components["schemas"]["AnthropicErrorBody"];
                    };
                };
                /** @description There is no such thing */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiErrorBody"] | components["schemas"]["AnthropicErrorBody"];
                    };
                };
                /** @description Too many, too fast; `Retry-After` says how long to wait */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiErrorBody"] | components["schemas"]["AnthropicErrorBody"];
                    };
                };
                /** @description A defect of Tollgate */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiErrorBody"] | components["schemas"]["AnthropicErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One model, by its code or by `provider/model`. */
        get: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Answers in Anthropic's format, whatever it holds */
                    "anthropic-version"?: string | null;
                };
                path: {
                    /** @description A model's id, which may hold slashes */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OneModel"];
                    };
                };
                /** @description A parameter holds what it may not */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiErrorBody"] | components["schemas"]["AnthropicErrorBody"];
                    };
                };
                /** @description No credentials, or none that hold */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiErrorBody"] | components["schemas"]["AnthropicErrorBody"];
                    };
                };
                /** @description Good credentials that do not allow this */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiErrorBody"] | components["schemas"]["AnthropicErrorBody"];
                    };
                };
                /** @description There is no such thing */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiErrorBody"] | components["schemas"]["AnthropicErrorBody"];
                    };
                };
                /** @description Too many, too fast; `Retry-After` says how long to wait */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiErrorBody"] | components["schemas"]["AnthropicErrorBody"];
                    };
                };
                /** @description A defect of Tollgate */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiErrorBody"] | components["schemas"]["AnthropicErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description A page of the alerts. */
        AlertPage: {
            /** @description The rows, newest first. */
            alerts: components["schemas"]["AlertView"][];
            /**
             * Format: int32
             * @description The page, from 1.
             */
            page: number;
            /**
             * Format: int32
             * @description Rows a page.
             */
            pageSize: number;
            /**
             * Format: int64
             * @description How many there are in all.
             */
            total: number;
            /** @description Whether there are more than `total`. */
            totalIsCapped?: boolean;
        };
        /**
         * @description Changes to when alerts fire and where they are told; what is absent stays. A threshold that is
         *     null has its default again.
         */
        AlertSettingsBody: {
            /**
             * Format: int32
             * @description As much of a budget is spent, in percent, as is told before all of it is; by default 80.
             */
            budgetPercent?: number | null;
            email?: components["schemas"]["EmailBody"] | null;
            /**
             * Format: int32
             * @description Calls of five minutes that a rate is believed from; by default 20.
             */
            errorRateMinCalls?: number | null;
            /**
             * Format: int32
             * @description More than this share of the last five minutes' calls failed, in percent; by default 5.
             */
            errorRatePercent?: number | null;
            /**
             * Format: int32
             * @description The oldest record that is not in the database waits for so many seconds; by default 300.
             */
            journalAgeSeconds?: number | null;
            /**
             * Format: int32
             * @description The journal is full to that part of its bound, in percent; by default 50.
             */
            journalPercent?: number | null;
            /**
             * Format: int32
             * @description A model in use is shut down within so many days; by default 30.
             */
            shutdownDays?: number | null;
            /**
             * Format: int32
             * @description A model without a price answered within so many minutes; by default 15.
             */
            unpricedMinutes?: number | null;
            /** @description All webhooks, by their names: one that is not among them is taken away. Null is none. */
            webhooks?: components["schemas"]["WebhookBody"][] | null;
        };
        /** @description When alerts fire and where they are told, without secrets. */
        AlertSettingsView: {
            /**
             * Format: int32
             * @description As much of a budget is spent, in percent, as is told before all of it is.
             */
            budgetPercent: number;
            email?: components["schemas"]["EmailView"] | null;
            /**
             * Format: int32
             * @description Calls of five minutes that a rate is believed from.
             */
            errorRateMinCalls: number;
            /**
             * Format: int32
             * @description More than this share of the last five minutes' calls failed, in percent.
             */
            errorRatePercent: number;
            /**
             * Format: int32
             * @description The oldest record that is not in the database waits for so many seconds.
             */
            journalAgeSeconds: number;
            /**
             * Format: int32
             * @description The journal is full to that part of its bound, in percent.
             */
            journalPercent: number;
            /**
             * Format: int32
             * @description A model in use is shut down within so many days.
             */
            shutdownDays: number;
            /**
             * Format: int32
             * @description A model without a price answered within so many minutes.
             */
            unpricedMinutes: number;
            /** @description Webhooks that are told. */
            webhooks: components["schemas"]["WebhookView"][];
        };
        /** @description Something that operators should know of. */
        AlertView: {
            /** @description What channels are told of it, oldest first. */
            deliveries: components["schemas"]["DeliveryView"][];
            /**
             * Format: date-time
             * @description When it began.
             */
            firedAt: string;
            /**
             * Format: int64
             * @description Its id.
             */
            id: number;
            /** @enum {string} */
            kind: "key_unavailable" | "provider_without_key" | "error_rate" | "budget_spent" | "journal_backlog" | "records_dropped" | "model_unpriced" | "model_shutdown" | "cost_above_bound";
            /** @enum {string} */
            level: "info" | "warning" | "critical";
            /** @description What is wrong, or was last, in words. */
            message: string;
            /** @description Whether a channel was told of it. */
            notified: boolean;
            /** @description The same for programs, by kind: which provider and key, its status, and why. */
            payload?: Record<string, never> | null;
            /**
             * Format: date-time
             * @description When it was over; null while it lasts.
             */
            resolvedAt?: string | null;
            /**
             * @description What it is about, in words.
             * @example openai / main
             */
            subject: string;
        };
        /** @description How the load is to be shared. */
        AlgorithmBody: {
            /** @enum {string} */
            algorithm: "priority" | "least_load" | "round_robin" | "weighted" | "least_requests" | "random" | "ip_hash";
            /** @description The provider whose keys are meant; without it every provider, and those to come. */
            providerCode?: string | null;
        };
        /** @description How the load is shared. */
        AlgorithmView: {
            /** @enum {string} */
            algorithm: "priority" | "least_load" | "round_robin" | "weighted" | "least_requests" | "random" | "ip_hash";
            /** @description The providers it holds for. */
            providerCodes: string[];
        };
        /** @description A whole answer. */
        AnswerView: {
            /** @description The text; null where the model only calls tools. */
            content?: string | null;
            cost: components["schemas"]["CostView"];
            /** Format: date-time */
            createdAt: string;
            /** @description Why the answer ended: `stop`, `length`, `tool_calls`, `content_filter`. */
            finishReason?: string | null;
            /** @description The provider's id of the answer. */
            id: string;
            /** @description The model that answered. */
            model: string;
            /** @description The code of the provider that answered. */
            provider: string;
            /** @description The model's reasoning, where the provider shows it. */
            reasoning?: string | null;
            /** @description Why the model refuses, where it does. */
            refusal?: string | null;
            /** @description The tools that the model wants called. */
            toolCalls?: components["schemas"]["ToolCallView"][] | null;
            usage: components["schemas"]["UsageView"];
        };
        /** @description What a failure is called by programs. */
        AnthropicDetails: {
            /** @description A stable code. */
            error_code: string;
        };
        /** @description A failure as Anthropic tells it. */
        AnthropicError: {
            /** @description The same for programs. */
            details: components["schemas"]["AnthropicDetails"];
            /** @description What is wrong, in words, with the fields that are. */
            message: string;
            /** @description Anthropic's class: `invalid_request_error`. */
            type: string;
        };
        /**
         * @description The body of a failure under `/v1/messages`, and the data of a stream's `error` event:
         *     Anthropic's.
         */
        AnthropicErrorBody: {
            /** @description The failure. */
            error: components["schemas"]["AnthropicError"];
            /** @description The request's id, which is also in `request-id` and in our log. */
            request_id: string;
            /** @description `error`. */
            type: string;
        };
        /**
         * @description Where a model is in its life, in Anthropic's words.
         * @enum {string}
         */
        AnthropicLifecycle: "active" | "deprecated" | "retired";
        /** @description A model, as Anthropic tells it; what is not known here is null. */
        AnthropicModel: {
            /** @description Always null. */
            capabilities?: Record<string, never> | null;
            /**
             * Format: date-time
             * @description When it was first listed here.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description Always null.
             */
            deprecated_at?: string | null;
            /** @description What people call it. */
            display_name: string;
            /** @description What to ask for it by. */
            id: string;
            /** @description Where it is in its life. */
            lifecycle: components["schemas"]["AnthropicLifecycle"];
            /** @description Always null. */
            line?: string | null;
            /**
             * Format: int64
             * @description The longest prompt, in tokens.
             */
            max_input_tokens?: number | null;
            /**
             * Format: int64
             * @description The longest answer, in tokens.
             */
            max_tokens?: number | null;
            /**
             * Format: date-time
             * @description When the provider stops serving it.
             */
            retires_at?: string | null;
            /** @description `model`. */
            type: string;
        };
        /** @description A page of models, as Anthropic tells it. */
        AnthropicModels: {
            data: components["schemas"]["AnthropicModel"][];
            /** @description What `before_id` of the page before this one is. */
            first_id?: string | null;
            /** @description Whether there are more in the direction that was asked for. */
            has_more: boolean;
            /** @description What `after_id` of the next page is. */
            last_id?: string | null;
        };
        /** @description One tier of one version of a model's price. */
        AppliedPriceView: {
            /**
             * Format: int64
             * @description Its id.
             */
            id: number;
            /**
             * Format: int64
             * @description What it prices.
             */
            modelId: number;
            /** @description Who said so: `seed`, `sync`, `manual`. */
            source: string;
            /**
             * Format: int64
             * @description The smallest whole prompt, in tokens, that the tier is for.
             */
            tierMinPromptTokens: number;
            /**
             * Format: date-time
             * @description From when the version holds.
             */
            validFrom: string;
        };
        /** @description What can be said of an app token; what is absent stays as it is, or has its default. */
        AppTokenPatch: {
            /** @description Models it may call; empty, as by default, is any. */
            allowedModels?: string[] | null;
            /** @description Codes of providers it may call; empty, as by default, is any. */
            allowedProviders?: string[] | null;
            /** @enum {string} */
            budgetPeriod?: "total" | "day" | "month";
            /**
             * Format: double
             * @description US dollars it may spend in a period, to nine places; null, as by default, is as much as it
             *     likes.
             */
            budgetUsd?: number | null;
            /**
             * Format: date-time
             * @description When it stops working; null, as by default, is never.
             */
            expiresAt?: string | null;
            /** @description Whether it works; by default it does. */
            isActive?: boolean | null;
            /**
             * Format: int64
             * @description Requests in flight.
             */
            maxConcurrent?: number | null;
            /** @description What people call it. */
            name?: string | null;
            /**
             * Format: int64
             * @description Requests in a UTC day.
             */
            rateLimitRpd?: number | null;
            /**
             * Format: int64
             * @description Requests in any 60 seconds; null, as by default, and 0 are any number, here and in the
             *     limits below.
             */
            rateLimitRpm?: number | null;
            /**
             * Format: int64
             * @description Tokens in any 60 seconds.
             */
            rateLimitTpm?: number | null;
            scopes?: ("chat" | "admin")[];
        };
        /** @description An app token. */
        AppTokenView: {
            /** @description Models it may call; empty is any. */
            allowedModels: string[];
            /** @description Codes of providers it may call; empty is any. */
            allowedProviders: string[];
            /**
             * Format: date-time
             * @description When the period ends; null for a budget without periods.
             */
            budgetEndsAt?: string | null;
            /** @enum {string} */
            budgetPeriod: "total" | "day" | "month";
            /**
             * Format: double
             * @description US dollars it may spend in a period; null is as much as it likes.
             */
            budgetUsd?: number | null;
            /**
             * Format: double
             * @description US dollars spent of its budget in this period.
             */
            budgetUsedUsd: number;
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it stops working.
             */
            expiresAt?: string | null;
            headroom?: components["schemas"]["HeadroomView"] | null;
            /**
             * Format: int64
             * @description Its id.
             */
            id: number;
            /** @description Whether it works. */
            isActive: boolean;
            /**
             * Format: date-time
             * @description When it was last used.
             */
            lastUsedAt?: string | null;
            /**
             * Format: int64
             * @description Requests in flight.
             */
            maxConcurrent?: number | null;
            /** @description What people call it. */
            name: string;
            /**
             * Format: int64
             * @description Who made it; null for one from the configuration file.
             */
            ownerId?: number | null;
            /**
             * Format: int64
             * @description Requests in a UTC day.
             */
            rateLimitRpd?: number | null;
            /**
             * Format: int64
             * @description Requests in any 60 seconds; null and 0 are any number, here and in the limits below.
             */
            rateLimitRpm?: number | null;
            /**
             * Format: int64
             * @description Tokens in any 60 seconds.
             */
            rateLimitTpm?: number | null;
            scopes: ("chat" | "admin")[];
            /** @description The token itself; only in the answer to its creation. */
            token?: string | null;
            /** @description Its first and last four characters. */
            tokenHint: string;
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            updatedAt: string;
        };
        /** @description One attempt of a call. */
        AttemptView: components["schemas"]["LogView"] & {
            /** @description How the cost came about. */
            cost: components["schemas"]["CostBreakdown"];
            /**
             * Format: int64
             * @description The model that was called, where it is still listed.
             */
            modelId?: number | null;
        };
        /** @description A page of the log. */
        AuditPage: {
            /** @description Newest first. */
            entries: components["schemas"]["AuditView"][];
            /**
             * Format: int32
             * @description From 1.
             */
            page: number;
            /**
             * Format: int32
             * @description Rows a page.
             */
            pageSize: number;
            /**
             * Format: int64
             * @description How many there are.
             */
            total: number;
            /** @description Whether counting stopped at `total`. */
            totalIsCapped?: boolean;
        };
        /** @description Something that was done. */
        AuditView: {
            /** @enum {string} */
            action: "create" | "update" | "delete" | "validate" | "reset" | "sync" | "import" | "reseal" | "reprice" | "login" | "logout" | "password";
            /** @description Their name at the time. */
            actor: string;
            /** @description As it is, without secrets. */
            after?: Record<string, never> | null;
            /**
             * Format: int64
             * @description The app token it was done with.
             */
            appId?: number | null;
            /** @description As it was, without secrets. */
            before?: Record<string, never> | null;
            /**
             * Format: date-time
             * @description When.
             */
            createdAt: string;
            /**
             * Format: int64
             * @description Its id.
             */
            id: number;
            /** @description The address it came from. */
            ipAddress?: string | null;
            /** @description To what kind of thing. */
            resource: string;
            /**
             * Format: int64
             * @description To which one.
             */
            resourceId?: number | null;
            /**
             * Format: int64
             * @description The user who did it.
             */
            userId?: number | null;
        };
        /** @description Several chats. */
        BatchBody: {
            /**
             * Format: int64
             * @description How many are asked at a time; 5 where absent.
             */
            concurrency?: number | null;
            /** @description Bodies of `POST /api/ai/chat/completions`, without `stream`. */
            requests: components["schemas"]["ChatBody"][];
        };
        /** @description What came of one request: `data`, or `message` and `error`. */
        BatchResult: {
            /**
             * Format: int32
             * @description The HTTP status that it would have had alone.
             * @example 200
             */
            code: number;
            data?: components["schemas"]["AnswerView"] | null;
            error?: components["schemas"]["ErrorInfo"] | null;
            /** @description Why there is none, in words. */
            message?: string | null;
            /** @description Its own id, by which it is on record. */
            requestId: string;
            /**
             * Format: int64
             * @description Seconds after which it may go better, where that is known.
             */
            retryAfter?: number | null;
        };
        /** @description What came of a batch. */
        BatchView: {
            /** @description What came of each request, in their order. */
            results: components["schemas"]["BatchResult"][];
        };
        /** @description One member, or two together. */
        BreakdownRow: components["schemas"]["SliceView"] & {
            /** @description Whose they are: one for each dimension that was asked for. */
            members: components["schemas"]["MemberView"][];
            previous?: components["schemas"]["SliceView"] | null;
        };
        /** @description Usage by one thing, or by one with another, those that cost most first. */
        BreakdownView: {
            /** @description True where only the 5,000 rows that cost most are told. */
            isCut: boolean;
            previousRange?: components["schemas"]["SpanView"] | null;
            previousTotal?: components["schemas"]["SliceView"] | null;
            range: components["schemas"]["SpanView"];
            rows: components["schemas"]["BreakdownRow"][];
            /** @description All rows together. */
            total: components["schemas"]["SliceView"];
        };
        /** @description A budget and what is left of it. */
        BudgetView: {
            /**
             * Format: double
             * @description US dollars left, what calls under way may yet spend included.
             */
            budgetLeftUsd: number;
            /** @enum {string} */
            budgetPeriod: "total" | "day" | "month";
            /**
             * Format: double
             * @description US dollars to spend in a period.
             */
            budgetUsd: number;
            /**
             * Format: double
             * @description US dollars spent in this period.
             */
            budgetUsedUsd: number;
            /**
             * Format: date-time
             * @description When the period ends; null for a budget without periods.
             */
            endsAt?: string | null;
            /**
             * Format: double
             * @description US dollars kept for calls under way here, which may cost less.
             */
            reservedUsd: number;
        };
        /** @description One call with all its attempts. */
        CallView: {
            /** @description In their order. */
            attempts: components["schemas"]["AttemptView"][];
            requestId: string;
            /**
             * @description For each attempt with something to tell: what it followed, and which targets and keys were
             *     passed over, and why.
             */
            route: components["schemas"]["RouteStepView"][];
        };
        /** @description Which channel is tried: one of the settings by its name, or one that is not saved yet. */
        ChannelTrial: {
            /**
             * @description The name of a channel of the settings; `email` is the mail channel.
             * @example ops
             */
            channel?: string | null;
            email?: components["schemas"]["EmailBody"] | null;
            webhook?: components["schemas"]["WebhookBody"] | null;
        };
        /** @description What the tokens of one kind cost. */
        ChargeView: {
            /**
             * Format: double
             * @description Tokens × price, in dollars; nothing is rounded.
             */
            amountUsd: number;
            /** @enum {string} */
            bucket: "prompt" | "cached" | "cache_write" | "cache_write_1h" | "completion" | "reasoning";
            /**
             * Format: double
             * @description Dollars for 1000 of them.
             */
            costPer1kTokens: number;
            /** @enum {string} */
            pricedAs: "prompt" | "cached" | "cache_write" | "cache_write_1h" | "completion" | "reasoning";
            /**
             * Format: int64
             * @description How many of them.
             */
            tokens: number;
        };
        /** @description What is asked; fields that are not named here travel to the provider as they are. */
        ChatBody: {
            /** @description Where else the call goes after a failure, in order. */
            fallbacks?: components["schemas"]["Fallback"][] | null;
            /** Format: int64 */
            maxTokens?: number | null;
            messages: components["schemas"]["ChatMessage"][];
            /**
             * @description A route's alias, a model's code, or `provider/model`; without it, the provider's default
             *     model.
             */
            model?: string | null;
            /** @description Whom to ask; without it, the model's provider, or the default one. */
            providerCode?: string | null;
            /** @description `{"type": "json_object"}`, or `{"type": "json_schema", "jsonSchema": {…}}`. */
            responseFormat?: unknown;
            /** @description A text or up to four at which the answer stops. */
            stop?: unknown;
            /** @description Whether the answer comes as server-sent events. */
            stream?: boolean | null;
            /** Format: double */
            temperature?: number | null;
            /**
             * Format: int64
             * @description The longest that the call may take, in milliseconds.
             */
            timeoutMs?: number | null;
            /** @description `none`, `auto`, `required`, or a tool. */
            toolChoice?: unknown;
            /** @description The tools that the model may call, as OpenAI describes them. */
            tools?: unknown[] | null;
            /** Format: double */
            topP?: number | null;
            /** @description The end user that the call is for, at most 128 characters. */
            user?: string | null;
        };
        /** @description A message. */
        ChatMessage: {
            /**
             * @description A text, or a list of parts: `{"type": "text", "text": …}`,
             *     `{"type": "image_url", "imageUrl": {"url": …}}`.
             */
            content?: unknown;
            name?: string | null;
            /** @description `system`, `developer`, `user`, `assistant`, `tool`. */
            role: string;
            /** @description Which of them a `tool` message answers. */
            toolCallId?: string | null;
            /** @description The tools that the model wanted called. */
            toolCalls?: components["schemas"]["ToolCallView"][] | null;
        };
        /** @description Failed calls with one code. */
        CodeTrendView: {
            code?: string | null;
            /** @description How many, for each point. */
            counts: number[];
        };
        /** @description Failures with one code. */
        CodeView: {
            /**
             * Format: int64
             * @description Attempts that did, of calls that went well in the end, too.
             */
            attempts: number;
            code?: string | null;
            /**
             * Format: int64
             * @description Calls that failed with it.
             */
            count: number;
            /**
             * Format: int64
             * @description With how many keys.
             */
            keys: number;
        };
        /** @description How the cost of an attempt came about. */
        CostBreakdown: {
            /** @description Whether the cost on record is the total to the nano-dollar. */
            isExact: boolean;
            /**
             * @description `priced`; `nothing_used`: no token was used, so nothing is due; `unpriced`: no price was
             *     known when the call arrived; `price_gone`: what priced it is not on record any more.
             * @example priced
             */
            kind: string;
            /** @description What each kind of token cost, those that were used. */
            lines: components["schemas"]["ChargeView"][];
            price?: components["schemas"]["AppliedPriceView"] | null;
            /**
             * Format: double
             * @description Dollars for the request itself.
             */
            requestFeeUsd: number;
            /**
             * Format: double
             * @description The sum of the lines and the fee, in dollars, before it is rounded.
             */
            sumUsd: number;
            /**
             * Format: double
             * @description The sum rounded to the nano-dollar, half up: what is on record as the cost.
             */
            totalUsd?: number | null;
        };
        /** @description What a call cost. */
        CostView: {
            /**
             * Format: double
             * @description In `currency`, up to nine decimal places; null where the model has no price.
             */
            amount?: number | null;
            /** @description Always `USD`. */
            currency: string;
        };
        /** @description What is to be counted: `text` or `messages`. */
        CountBody: {
            /** @description Messages as a chat has them. */
            messages?: components["schemas"]["ChatMessage"][] | null;
            /** @description The model; without it, the provider's default one. */
            model?: string | null;
            /** @description Whose tokens. */
            providerCode: string;
            /** @description A text on its own. */
            text?: string | null;
        };
        /** @description How many tokens there are. */
        CountView: {
            /**
             * @description `exact`: the provider's count, or that of the model's own tokenizer; else `estimate`.
             * @example exact
             */
            method: string;
            /**
             * Format: int64
             * @description How many.
             */
            tokens: number;
        };
        /** @description Everything on the dashboard. */
        DashboardView: {
            errors: components["schemas"]["ErrorsView"];
            previous?: components["schemas"]["PreviousView"] | null;
            /** @description The time that it is about. */
            range: components["schemas"]["SpanView"];
            summary: components["schemas"]["SummaryView"];
            /** @description The app tokens with the most calls. */
            topApps: components["schemas"]["UsageRow"][];
            /** @description The models with the most calls. */
            topModels: components["schemas"]["UsageRow"][];
            /** @description Each hour, day or month, oldest first, empty ones as zeros. */
            trend: components["schemas"]["TrendView"][];
        };
        /** @description A notice to one channel. */
        DeliveryView: {
            /**
             * Format: int64
             * @description How often it was sent.
             */
            attempts: number;
            /** @description The channel's name; `email` is the mail channel. */
            channel: string;
            /**
             * Format: date-time
             * @description When the channel took it.
             */
            deliveredAt?: string | null;
            /** @enum {string} */
            event: "fired" | "resolved";
            /** @description Why the channel did not take it the last time. */
            lastError?: string | null;
            /**
             * Format: date-time
             * @description When it is sent next; null when it is not any more.
             */
            nextAttemptAt?: string | null;
            /** @enum {string} */
            state: "pending" | "delivered" | "failed";
        };
        /** @description What an event adds. */
        DeltaView: {
            /** @description More of the text. */
            content?: string | null;
            /** @description More of the reasoning. */
            reasoning?: string | null;
            /** @description More of the refusal. */
            refusal?: string | null;
            /** @description Pieces of tool calls; pieces with the same index belong together. */
            toolCalls?: components["schemas"]["ToolCallView"][] | null;
        };
        /** @description One thing that is wrong. */
        Detail: {
            /**
             * Format: date-time
             * @description When it will be better, where that is known.
             */
            availableAt?: string | null;
            /** @description The field, as the caller spells it: `messages[0].role`. */
            field?: string | null;
            /** @description What is wrong with it, in words. */
            message: string;
        };
        /**
         * @description What usage is told apart by.
         * @enum {string}
         */
        DimensionWord: "provider" | "model" | "key" | "app" | "user";
        /** @description Email by a mail server. Where there is one already, what is absent stays. */
        EmailBody: {
            /**
             * @description Whom mails are from.
             * @example Tollgate <tollgate@example.com>
             */
            from?: string | null;
            /**
             * @description The mail server.
             * @example smtp.example.com
             */
            host?: string | null;
            /** @description Whether it is used; by default it is. */
            isActive?: boolean | null;
            kinds?: ("key_unavailable" | "provider_without_key" | "error_rate" | "budget_spent" | "journal_backlog" | "records_dropped" | "model_unpriced" | "model_shutdown" | "cost_above_bound")[];
            levels?: ("info" | "warning" | "critical")[];
            /**
             * @description The account's password. It is sealed; as it is shown, it stays; another host, port, account
             *     or less protection needs it anew; null takes it away.
             */
            password?: string | null;
            /**
             * Format: int32
             * @description Its port; by default 587 with `starttls`, 465 with `implicit`, 25 with `none`.
             */
            port?: number | null;
            /** @enum {string} */
            tls?: "starttls" | "implicit" | "none";
            /** @description Whom they go to. */
            to?: string[] | null;
            /** @description Its account; null for none. */
            username?: string | null;
        };
        /** @description The mail channel, without its password. */
        EmailView: {
            /** @description Whom mails are from. */
            from: string;
            /** @description The mail server. */
            host: string;
            /** @description Whether it is used. */
            isActive: boolean;
            kinds: ("key_unavailable" | "provider_without_key" | "error_rate" | "budget_spent" | "journal_backlog" | "records_dropped" | "model_unpriced" | "model_shutdown" | "cost_above_bound")[];
            levels: ("info" | "warning" | "critical")[];
            /** @description The account's password, masked; null for none. */
            password?: string | null;
            /**
             * Format: int32
             * @description Its port.
             */
            port: number;
            /** @enum {string} */
            tls: "starttls" | "implicit" | "none";
            /** @description Whom they go to. */
            to: string[];
            /** @description Its account; null for none. */
            username?: string | null;
        };
        /** @description An answer that went well. */
        Envelope: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 200
             */
            code: number;
            /** @description What was asked for; `null` where there is nothing to tell. */
            data: components["schemas"]["Nothing"];
            /** @description A word about it, where there is one. */
            message?: string | null;
        };
        /** @description An answer that went well. */
        Envelope_AlertPage: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 200
             */
            code: number;
            data: components["schemas"]["AlertPage"];
            /** @description A word about it, where there is one. */
            message?: string | null;
        };
        /** @description An answer that went well. */
        Envelope_AlgorithmView: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 200
             */
            code: number;
            data: components["schemas"]["AlgorithmView"];
            /** @description A word about it, where there is one. */
            message?: string | null;
        };
        /** @description An answer that went well. */
        Envelope_AnswerView: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 200
             */
            code: number;
            data: components["schemas"]["AnswerView"];
            /** @description A word about it, where there is one. */
            message?: string | null;
        };
        /** @description An answer that went well. */
        Envelope_AppTokenView: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 200
             */
            code: number;
            data: components["schemas"]["AppTokenView"];
            /** @description A word about it, where there is one. */
            message?: string | null;
        };
        /** @description An answer that went well. */
        Envelope_AuditPage: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 200
             */
            code: number;
            data: components["schemas"]["AuditPage"];
            /** @description A word about it, where there is one. */
            message?: string | null;
        };
        /** @description An answer that went well. */
        Envelope_BatchView: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 200
             */
            code: number;
            data: components["schemas"]["BatchView"];
            /** @description A word about it, where there is one. */
            message?: string | null;
        };
        /** @description An answer that went well. */
        Envelope_BreakdownView: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 200
             */
            code: number;
            data: components["schemas"]["BreakdownView"];
            /** @description A word about it, where there is one. */
            message?: string | null;
        };
        /** @description An answer that went well. */
        Envelope_CallView: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 200
             */
            code: number;
            data: components["schemas"]["CallView"];
            /** @description A word about it, where there is one. */
            message?: string | null;
        };
        /** @description An answer that went well. */
        Envelope_CountView: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 200
             */
            code: number;
            data: components["schemas"]["CountView"];
            /** @description A word about it, where there is one. */
            message?: string | null;
        };
        /** @description An answer that went well. */
        Envelope_ErrorsReportView: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 200
             */
            code: number;
            /** @description What failed, how that developed, and what failed before. */
            data: components["schemas"]["ErrorsView"] & {
                previous?: components["schemas"]["PreviousErrorsView"] | null;
                /** @description The time that it is about. */
                range: components["schemas"]["SpanView"];
                trend?: components["schemas"]["ErrorTrendView"] | null;
            };
            /** @description A word about it, where there is one. */
            message?: string | null;
        };
        /** @description An answer that went well. */
        Envelope_GrantView: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 200
             */
            code: number;
            data: components["schemas"]["GrantView"];
            /** @description A word about it, where there is one. */
            message?: string | null;
        };
        /** @description An answer that went well. */
        Envelope_ImportView: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 200
             */
            code: number;
            data: components["schemas"]["ImportView"];
            /** @description A word about it, where there is one. */
            message?: string | null;
        };
        /** @description An answer that went well. */
        Envelope_KeyTestView: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 200
             */
            code: number;
            data: components["schemas"]["KeyTestView"];
            /** @description A word about it, where there is one. */
            message?: string | null;
        };
        /** @description An answer that went well. */
        Envelope_KeyView: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 200
             */
            code: number;
            data: components["schemas"]["KeyView"];
            /** @description A word about it, where there is one. */
            message?: string | null;
        };
        /** @description An answer that went well. */
        Envelope_LogsView: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 200
             */
            code: number;
            data: components["schemas"]["LogsView"];
            /** @description A word about it, where there is one. */
            message?: string | null;
        };
        /** @description An answer that went well. */
        Envelope_MeView: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 200
             */
            code: number;
            data: components["schemas"]["MeView"];
            /** @description A word about it, where there is one. */
            message?: string | null;
        };
        /** @description An answer that went well. */
        Envelope_ModelView: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 200
             */
            code: number;
            data: components["schemas"]["ModelView"];
            /** @description A word about it, where there is one. */
            message?: string | null;
        };
        /** @description An answer that went well. */
        Envelope_OwnUsageView: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 200
             */
            code: number;
            data: components["schemas"]["OwnUsageView"];
            /** @description A word about it, where there is one. */
            message?: string | null;
        };
        /** @description An answer that went well. */
        Envelope_ProviderView: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 200
             */
            code: number;
            data: components["schemas"]["ProviderView"];
            /** @description A word about it, where there is one. */
            message?: string | null;
        };
        /** @description An answer that went well. */
        Envelope_RepriceView: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 200
             */
            code: number;
            data: components["schemas"]["RepriceView"];
            /** @description A word about it, where there is one. */
            message?: string | null;
        };
        /** @description An answer that went well. */
        Envelope_RouteTestView: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 200
             */
            code: number;
            data: components["schemas"]["RouteTestView"];
            /** @description A word about it, where there is one. */
            message?: string | null;
        };
        /** @description An answer that went well. */
        Envelope_RouteView: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 200
             */
            code: number;
            data: components["schemas"]["RouteView"];
            /** @description A word about it, where there is one. */
            message?: string | null;
        };
        /** @description An answer that went well. */
        Envelope_SettingsView: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 200
             */
            code: number;
            data: components["schemas"]["SettingsView"];
            /** @description A word about it, where there is one. */
            message?: string | null;
        };
        /** @description An answer that went well. */
        Envelope_StatusView: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 200
             */
            code: number;
            data: components["schemas"]["StatusView"];
            /** @description A word about it, where there is one. */
            message?: string | null;
        };
        /** @description An answer that went well. */
        Envelope_SyncView: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 200
             */
            code: number;
            data: components["schemas"]["SyncView"];
            /** @description A word about it, where there is one. */
            message?: string | null;
        };
        /** @description An answer that went well. */
        Envelope_TrialView: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 200
             */
            code: number;
            data: components["schemas"]["TrialView"];
            /** @description A word about it, where there is one. */
            message?: string | null;
        };
        /** @description An answer that went well. */
        Envelope_UserView: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 200
             */
            code: number;
            data: components["schemas"]["UserView"];
            /** @description A word about it, where there is one. */
            message?: string | null;
        };
        /** @description An answer that went well. */
        Envelope_Vec_InstanceView: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 200
             */
            code: number;
            data: components["schemas"]["InstanceView"][];
            /** @description A word about it, where there is one. */
            message?: string | null;
        };
        /** @description An answer that went well. */
        Envelope_Vec_KeyView: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 200
             */
            code: number;
            data: components["schemas"]["KeyView"][];
            /** @description A word about it, where there is one. */
            message?: string | null;
        };
        /** @description An answer that went well. */
        Envelope_Vec_PresetView: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 200
             */
            code: number;
            data: components["schemas"]["PresetView"][];
            /** @description A word about it, where there is one. */
            message?: string | null;
        };
        /** @description An answer that went well. */
        Envelope_Vec_PriceView: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 200
             */
            code: number;
            data: components["schemas"]["PriceView"][];
            /** @description A word about it, where there is one. */
            message?: string | null;
        };
        /** @description An answer that went well. */
        Envelope_Vec_ProviderLoadView: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 200
             */
            code: number;
            data: components["schemas"]["ProviderLoadView"][];
            /** @description A word about it, where there is one. */
            message?: string | null;
        };
        /** @description An answer that went well. */
        Envelope_Vec_SessionView: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 200
             */
            code: number;
            data: components["schemas"]["SessionView"][];
            /** @description A word about it, where there is one. */
            message?: string | null;
        };
        /** @description An answer that went well. */
        Envelope_Vec_TargetOutlook: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 200
             */
            code: number;
            data: components["schemas"]["TargetOutlook"][];
            /** @description A word about it, where there is one. */
            message?: string | null;
        };
        /** @description An answer that went well. */
        Envelope_Vec_UnpricedView: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 200
             */
            code: number;
            data: components["schemas"]["UnpricedView"][];
            /** @description A word about it, where there is one. */
            message?: string | null;
        };
        /** @description An answer that went well. */
        Envelope_Vec_UsableModelView: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 200
             */
            code: number;
            data: components["schemas"]["UsableModelView"][];
            /** @description A word about it, where there is one. */
            message?: string | null;
        };
        /** @description An answer that went well. */
        Envelope_VerdictView: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 200
             */
            code: number;
            data: components["schemas"]["VerdictView"];
            /** @description A word about it, where there is one. */
            message?: string | null;
        };
        /** @description The body of a failure, everywhere but under `/v1`. */
        ErrorBody: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 422
             */
            code: number;
            /** @description The same for programs. */
            error: components["schemas"]["ErrorInfo"];
            /** @description What is wrong, in words. */
            message: string;
        };
        /** @description A failure, for programs. */
        ErrorInfo: {
            /** @description The single things that are wrong. */
            details?: components["schemas"]["Detail"][];
            /** @description The request's id, which is also in `X-Request-Id` and in our log. */
            requestId: string;
            /** @description Its kind: `validation_failed`. */
            type: string;
        };
        /** @description What failed, how that developed, and what failed before. */
        ErrorsReportView: components["schemas"]["ErrorsView"] & {
            previous?: components["schemas"]["PreviousErrorsView"] | null;
            /** @description The time that it is about. */
            range: components["schemas"]["SpanView"];
            trend?: components["schemas"]["ErrorTrendView"] | null;
        };
        /** @description What failed, most frequent first. */
        ErrorsView: {
            /** @description Calls that failed, by the code of their final attempt. */
            errorsByCode: components["schemas"]["CodeView"][];
            /** @description Attempts that failed, by key. */
            errorsByKey: components["schemas"]["KeyErrors"][];
            /**
             * Format: int64
             * @description Calls that failed.
             */
            totalErrors: number;
        };
        /** @description How failures developed. */
        ErrorTrendView: {
            /** @description Each hour, day or month, oldest first, empty ones as zeros, with all calls. */
            points: components["schemas"]["TrendView"][];
            /** @description The codes with the most failed calls, most frequent first, at most 12. */
            series: components["schemas"]["CodeTrendView"][];
        };
        /** @description One event's data. */
        EventView: {
            cost?: components["schemas"]["CostView"] | null;
            delta: components["schemas"]["DeltaView"];
            /** @description Why the answer ended: in the last event. */
            finishReason?: string | null;
            /** @description The provider's id of the answer, the same in each event. */
            id: string;
            usage?: components["schemas"]["UsageView"] | null;
        };
        /** @description Where else a call goes. */
        Fallback: {
            /** @description The model; without it, the provider's default one. */
            model?: string | null;
            /** @description The provider's code. */
            providerCode: string;
        };
        /** @description A fact that changes. */
        FieldChangeView: {
            /** @description What it is. */
            after: unknown;
            /** @description What it was. */
            before: unknown;
            /**
             * @description Its name, as in a model.
             * @example maxInputTokens
             */
            field: string;
        };
        /** @description What somebody who signed in gets. */
        GrantView: {
            /**
             * Format: date-time
             * @description When `token` stops working.
             */
            expiresAt: string;
            /**
             * @description To be exchanged for the next pair; works once, and for ten seconds more gives the same one
             *     again. Absent where it comes as a cookie.
             */
            refreshToken?: string | null;
            /** @description To be sent as `Authorization: Bearer <token>`. */
            token: string;
            /** @description Who they are. */
            user: components["schemas"]["MeView"];
        };
        /** @description What is left of each limit of a key, on this instance. */
        Headroom: {
            /** @description Requests under way. */
            concurrent: components["schemas"]["Room"];
            /** @description Requests on this UTC day. */
            rpd: components["schemas"]["Room"];
            /** @description Requests in this minute. */
            rpm: components["schemas"]["Room"];
            /** @description Tokens in this minute. */
            tpm: components["schemas"]["Room"];
        };
        /** @description Limits, as this instance counts them: null is no limit, and nothing left is 0. */
        HeadroomView: {
            /** Format: int64 */
            inFlight: number;
            /**
             * Format: int64
             * @description Requests in flight.
             */
            maxConcurrent?: number | null;
            /**
             * Format: int64
             * @description Requests in a UTC day.
             */
            rateLimitRpd?: number | null;
            /**
             * Format: int64
             * @description Requests in any 60 seconds.
             */
            rateLimitRpm?: number | null;
            /**
             * Format: int64
             * @description Tokens in any 60 seconds, those included that calls under way may yet use.
             */
            rateLimitTpm?: number | null;
            /** Format: int64 */
            rpdLeft?: number | null;
            /** Format: int64 */
            rpdUsed: number;
            /** Format: int64 */
            rpmLeft?: number | null;
            /** Format: int64 */
            rpmUsed: number;
            /** Format: int64 */
            tpmLeft?: number | null;
            /** Format: int64 */
            tpmUsed: number;
        };
        /** @description Several pasted keys. */
        ImportBody: {
            /**
             * @description What keys without a name of their own are called, with their line's number behind it; by
             *     default `imported`.
             */
            keyName?: string | null;
            /**
             * @description A key a line, alone or after its name: `sk-…`, `name sk-…`, `name,sk-…`. Empty lines and
             *     lines that begin with `#` are passed over.
             */
            keys: string;
            /**
             * Format: int64
             * @description The priority of all of them; by default 100.
             */
            priority?: number | null;
        };
        /** @description What became of one line. */
        ImportVerdict: {
            /** @description Its first and last four characters. */
            apiKey: string;
            /** @description Whether it was added. */
            isAdded: boolean;
            /**
             * Format: int64
             * @description Its id, where it was.
             */
            keyId?: number | null;
            /** @description What the key is called. */
            keyName: string;
            /** @description The line, from 1. */
            line: number;
            /** @description Why not, where it was not. */
            reason?: string | null;
        };
        /** @description What became of the lines. */
        ImportView: {
            /** @description How many keys were added. */
            added: number;
            /** @description A verdict for each line that held a key. */
            results: components["schemas"]["ImportVerdict"][];
        };
        /** @description An upstream key, as the load balancer sees it on this instance. */
        InstanceView: {
            /** @enum {string} */
            algorithm: "priority" | "least_load" | "round_robin" | "weighted" | "least_requests" | "random" | "ip_hash";
            /** @description Its first and last four characters. */
            apiKey: string;
            /** @description Where its requests go. */
            baseUrl: string;
            /**
             * Format: date-time
             * @description Until when it rests.
             */
            coolingUntil?: string | null;
            /** @description What may be used, and what is left of it. */
            headroom: components["schemas"]["Headroom"];
            /**
             * Format: int64
             * @description Requests under way.
             */
            inFlight: number;
            /** @description Whether it is to be used. */
            isActive: boolean;
            /** @description Whether it carries calls now: it is active, its provider too, and nothing is wrong with it. */
            isHealthy: boolean;
            /**
             * Format: int64
             * @description The key's id.
             */
            keyId: number;
            /** @description What people call the key. */
            keyName: string;
            /**
             * Format: double
             * @description Its part of the provider's requests of the last minute, from 0 to 1.
             */
            loadShare: number;
            /**
             * Format: int64
             * @description Higher goes first, under `priority`.
             */
            priority: number;
            /** @description The provider's code. */
            providerCode: string;
            /**
             * Format: int64
             * @description Requests of this UTC day.
             */
            rpdUsed: number;
            /**
             * Format: int64
             * @description Requests of the last minute.
             */
            rpmUsed: number;
            /** @enum {string} */
            status: "normal" | "rate_limited" | "invalid" | "quota_exceeded" | "cooling" | "undecryptable";
            /** @description Why not. */
            statusReason?: string | null;
            /**
             * Format: int64
             * @description Tokens of the last minute.
             */
            tpmUsed: number;
            /**
             * Format: int64
             * @description Its share, under `weighted`.
             */
            weight: number;
        };
        /** @description How a job fares, whichever instance ran it. */
        JobView: {
            /**
             * Format: int64
             * @description How long the last run took, in milliseconds.
             */
            durationMs?: number | null;
            /** @description The instance that is running it now. */
            holder?: string | null;
            /** @description Whether that run did what it is for; null where it never ran. */
            isOk?: boolean | null;
            /** @description What that run did, or why it failed. */
            lastResult?: string | null;
            /**
             * Format: date-time
             * @description When its last run began; null where it never ran.
             */
            lastRunAt?: string | null;
            /**
             * Format: date-time
             * @description When the last run began that did.
             */
            lastSuccessAt?: string | null;
            /**
             * @description What it is called.
             * @example fold-hours
             */
            name: string;
            /**
             * Format: date-time
             * @description When it runs next.
             */
            nextRunAt?: string | null;
            /**
             * @description When it runs, in UTC: second, minute, hour, day, month, day of the week.
             * @example 0 0 * * * *
             */
            schedule: string;
        };
        /** @description The journal of this instance. */
        JournalView: {
            /**
             * Format: int64
             * @description Bytes that are not in the database yet.
             */
            backlogBytes: number;
            /**
             * Format: int64
             * @description Records that are not in the database yet.
             */
            backlogRecords: number;
            /**
             * Format: int64
             * @description Records that were dropped since the start, because there was no room for them.
             */
            dropped: number;
            /** @description Whether there is no room for one more call. */
            isFull: boolean;
            /** @description Whether the database takes what is shipped. */
            isShipping: boolean;
            /** @description Whether the disk takes what is written. */
            isWritable: boolean;
            /**
             * Format: int64
             * @description How many there may be: `JOURNAL_MAX_BYTES`.
             */
            maxBytes: number;
            /**
             * Format: date-time
             * @description When the call of the first of them ended.
             */
            oldestAt?: string | null;
            /**
             * Format: int64
             * @description Records since the start that the database refused, and that are in the journal's
             *     `rejected.jsonl`.
             */
            rejected: number;
            /**
             * Format: int64
             * @description Bytes on the disk.
             */
            usedBytes: number;
        };
        /** @description Failed attempts with one key and one code. */
        KeyCodeView: {
            code?: string | null;
            /** Format: int64 */
            count: number;
        };
        /** @description How many keys there are. */
        KeyCounts: {
            /** @description Those that are to be used. */
            active: number;
            /** @description All of them. */
            total: number;
            /** @description Those that can be used now. */
            usable: number;
        };
        /** @description Failed attempts with one key. */
        KeyErrors: {
            /** @description With which codes, most frequent first. */
            codes: components["schemas"]["KeyCodeView"][];
            /**
             * Format: int64
             * @description Attempts that failed.
             */
            count: number;
            /** Format: int64 */
            keyId: number;
            keyName?: string | null;
            providerCode?: string | null;
            /** Format: int64 */
            providerId?: number | null;
            /**
             * Format: int64
             * @description Attempts that were sent, those that went well included.
             */
            sent: number;
        };
        /** @description How a key fares. */
        KeyLoad: {
            /**
             * Format: date-time
             * @description Until when it rests.
             */
            coolingUntil?: string | null;
            /**
             * Format: int64
             * @description Failures since its last success.
             */
            errorCount: number;
            /**
             * Format: int64
             * @description Requests under way.
             */
            inFlight: number;
            /** Format: int64 */
            keyId: number;
            /** @description What people call it. */
            keyName: string;
            /** @description The last failure, in words. */
            lastError?: string | null;
            /** @description Its provider's code. */
            providerCode: string;
            /**
             * Format: int64
             * @description Its provider's id.
             */
            providerId: number;
            /**
             * Format: int64
             * @description The limit on them; 0 is unlimited, null is not known.
             */
            rateLimitRpm?: number | null;
            /**
             * Format: int64
             * @description The limit on them; 0 is unlimited, null is not known.
             */
            rateLimitTpm?: number | null;
            /**
             * Format: int64
             * @description Requests of the last minute.
             */
            rpmUsed: number;
            /**
             * Format: double
             * @description Its part of its provider's requests of the last minute, 0 to 1.
             */
            share: number;
            /** @enum {string} */
            status: "normal" | "rate_limited" | "invalid" | "quota_exceeded" | "cooling" | "undecryptable";
            /** @description Why not. */
            statusReason?: string | null;
            /**
             * Format: int64
             * @description Tokens of the last minute.
             */
            tpmUsed: number;
        };
        /** @description How a key stands. */
        KeyOutlook: {
            /**
             * Format: date-time
             * @description When it could again, where a time is known.
             */
            availableAt?: string | null;
            /**
             * Format: int64
             * @description The key's id.
             */
            keyId: number;
            /** @description What people call the key. */
            keyName: string;
            /**
             * Format: int64
             * @description Higher goes first, under `priority`.
             */
            priority: number;
            /** @description Why it would be passed over; null where it could carry a call. */
            skipReason?: string | null;
            /**
             * Format: int64
             * @description Its share, under `weighted`.
             */
            weight: number;
        };
        /** @description What can be said of a key; what is absent stays as it is, or has its default. */
        KeyPatch: {
            /** @description The key itself. */
            apiKey?: string | null;
            /** @description Where its requests go instead of the provider's base URL. */
            baseUrl?: string | null;
            /** @enum {string} */
            credentialKind?: "static" | "remote" | "oauth2";
            /** @description Whether it is to be used; by default it is. */
            isActive?: boolean | null;
            /** @description What people call it; need not be unique. */
            keyName?: string | null;
            /**
             * Format: int64
             * @description Requests under way; 0 is unlimited, null is not known.
             */
            maxConcurrent?: number | null;
            oauth2?: components["schemas"]["OAuth2Credential"] | null;
            /**
             * Format: int64
             * @description Higher goes first; by default 100.
             */
            priority?: number | null;
            /**
             * Format: int64
             * @description The provider; where it is given, it must be the one that the key belongs to.
             */
            providerId?: number | null;
            /**
             * Format: int64
             * @description Requests in a UTC day; 0 is unlimited, null is not known.
             */
            rateLimitRpd?: number | null;
            /**
             * Format: int64
             * @description Requests in any 60 seconds; 0 is unlimited, null is not known.
             */
            rateLimitRpm?: number | null;
            /**
             * Format: int64
             * @description Tokens in any 60 seconds; 0 is unlimited, null is not known.
             */
            rateLimitTpm?: number | null;
            remote?: components["schemas"]["RemoteCredential"] | null;
            /**
             * Format: int64
             * @description Its share under a weighted strategy; by default 1.
             */
            weight?: number | null;
        };
        /** @description The priorities that keys are to have. */
        KeyPriorities: {
            /** @description Each key once; the others stay as they are. */
            priorities: components["schemas"]["KeyPriority"][];
        };
        /** @description The priority of a key. */
        KeyPriority: {
            /**
             * Format: int64
             * @description The key's id.
             */
            keyId: number;
            /**
             * Format: int64
             * @description Higher goes first.
             */
            priority: number;
        };
        /** @description What came of one key. */
        KeyResult: {
            /** @description The same in words. */
            error?: string | null;
            /** @description Why there is no answer: the error's type. */
            errorType?: string | null;
            /** @description Whether it answered. */
            isOk: boolean;
            /**
             * Format: int64
             * @description The key.
             */
            keyId: number;
            /** @description What people call it. */
            keyName: string;
            /**
             * Format: int64
             * @description How long that took, in milliseconds.
             */
            latencyMs: number;
            /** @description The model that was asked. */
            model?: string | null;
            /** @description Its provider's code. */
            providerCode: string;
        };
        /** @description What each active key is to be asked. */
        KeyTestBody: {
            /**
             * Format: int64
             * @description Only this key.
             */
            keyId?: number | null;
            /** @description The model to ask: its code, or `provider/model`; each provider's default one where absent. */
            model?: string | null;
            /** @description What each key is asked. */
            prompt: string;
            /** @description Only keys of this provider. */
            providerCode?: string | null;
        };
        /** @description What came of the keys. */
        KeyTestView: {
            /** @description How many did not. */
            failedCount: number;
            /** @description How many keys answered. */
            okCount: number;
            /** @description What came of each active key. */
            results: components["schemas"]["KeyResult"][];
        };
        /** @description An upstream key. */
        KeyView: {
            /**
             * @description Its first and last four characters.
             * @example sk-p...1234
             */
            apiKey: string;
            /** @description Where its requests go instead of the provider's base URL. */
            baseUrl?: string | null;
            /**
             * Format: date-time
             * @description Until when it rests.
             */
            coolingUntil?: string | null;
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdAt: string;
            /** @enum {string} */
            credentialKind: "static" | "remote" | "oauth2";
            /**
             * Format: int64
             * @description Failures since its last success.
             */
            errorCount: number;
            /** @description What is left of its limits. */
            headroom: components["schemas"]["Headroom"];
            /**
             * Format: int64
             * @description Its id.
             */
            id: number;
            /**
             * Format: int64
             * @description Requests under way.
             */
            inFlight: number;
            /** @description Whether it is to be used. */
            isActive: boolean;
            /** @description What people call it. */
            keyName: string;
            /** @description The last failure, in words. */
            lastError?: string | null;
            /**
             * Format: date-time
             * @description When it last carried a call.
             */
            lastUsedAt?: string | null;
            /**
             * Format: date-time
             * @description When it was last validated.
             */
            lastValidatedAt?: string | null;
            /**
             * Format: int64
             * @description Requests under way; 0 is unlimited, null is not known.
             */
            maxConcurrent?: number | null;
            /**
             * Format: int64
             * @description Higher goes first.
             */
            priority: number;
            /**
             * Format: int64
             * @description Whose key it is.
             */
            providerId: number;
            /**
             * Format: int64
             * @description Requests in a UTC day; 0 is unlimited, null is not known.
             */
            rateLimitRpd?: number | null;
            /**
             * Format: int64
             * @description Requests in any 60 seconds; 0 is unlimited, null is not known.
             */
            rateLimitRpm?: number | null;
            /**
             * Format: int64
             * @description Tokens in any 60 seconds; 0 is unlimited, null is not known.
             */
            rateLimitTpm?: number | null;
            /**
             * Format: int64
             * @description Calls on record for this UTC day.
             */
            requestsCountToday: number;
            /**
             * Format: int64
             * @description Requests of this UTC day.
             */
            rpdUsed: number;
            /**
             * Format: int64
             * @description Requests of the last minute.
             */
            rpmUsed: number;
            /** @enum {string} */
            status: "normal" | "rate_limited" | "invalid" | "quota_exceeded" | "cooling" | "undecryptable";
            /** @description Why not. */
            statusReason?: string | null;
            /**
             * Format: int64
             * @description Tokens on record for this UTC day.
             */
            tokensCountToday: number;
            /**
             * Format: int64
             * @description Tokens of the last minute.
             */
            tpmUsed: number;
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            updatedAt: string;
            /**
             * Format: int64
             * @description Its share under a weighted strategy.
             */
            weight: number;
        };
        /** @description One member. */
        LineView: components["schemas"]["MemberView"] & {
            /** @description Its sums, for each point. */
            values: components["schemas"]["PointView"][];
        };
        /** @description A whole list, or one page of it where the caller asked for a page. */
        Listed_AppTokenView: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 200
             */
            code: number;
            /** @description The rows. */
            data: components["schemas"]["AppTokenView"][];
            /**
             * Format: int32
             * @description The page, from 1; only when a page was asked for.
             */
            page?: number | null;
            /**
             * Format: int32
             * @description Rows a page; only when a page was asked for.
             */
            pageSize?: number | null;
            /** @description How many rows there are; only when a page was asked for. */
            total?: number | null;
        };
        /** @description A whole list, or one page of it where the caller asked for a page. */
        Listed_KeyView: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 200
             */
            code: number;
            /** @description The rows. */
            data: components["schemas"]["KeyView"][];
            /**
             * Format: int32
             * @description The page, from 1; only when a page was asked for.
             */
            page?: number | null;
            /**
             * Format: int32
             * @description Rows a page; only when a page was asked for.
             */
            pageSize?: number | null;
            /** @description How many rows there are; only when a page was asked for. */
            total?: number | null;
        };
        /** @description A whole list, or one page of it where the caller asked for a page. */
        Listed_ModelView: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 200
             */
            code: number;
            /** @description The rows. */
            data: components["schemas"]["ModelView"][];
            /**
             * Format: int32
             * @description The page, from 1; only when a page was asked for.
             */
            page?: number | null;
            /**
             * Format: int32
             * @description Rows a page; only when a page was asked for.
             */
            pageSize?: number | null;
            /** @description How many rows there are; only when a page was asked for. */
            total?: number | null;
        };
        /** @description A whole list, or one page of it where the caller asked for a page. */
        Listed_PriceView: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 200
             */
            code: number;
            /** @description The rows. */
            data: components["schemas"]["PriceView"][];
            /**
             * Format: int32
             * @description The page, from 1; only when a page was asked for.
             */
            page?: number | null;
            /**
             * Format: int32
             * @description Rows a page; only when a page was asked for.
             */
            pageSize?: number | null;
            /** @description How many rows there are; only when a page was asked for. */
            total?: number | null;
        };
        /** @description A whole list, or one page of it where the caller asked for a page. */
        Listed_ProviderView: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 200
             */
            code: number;
            /** @description The rows. */
            data: components["schemas"]["ProviderView"][];
            /**
             * Format: int32
             * @description The page, from 1; only when a page was asked for.
             */
            page?: number | null;
            /**
             * Format: int32
             * @description Rows a page; only when a page was asked for.
             */
            pageSize?: number | null;
            /** @description How many rows there are; only when a page was asked for. */
            total?: number | null;
        };
        /** @description A whole list, or one page of it where the caller asked for a page. */
        Listed_RouteView: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 200
             */
            code: number;
            /** @description The rows. */
            data: components["schemas"]["RouteView"][];
            /**
             * Format: int32
             * @description The page, from 1; only when a page was asked for.
             */
            page?: number | null;
            /**
             * Format: int32
             * @description Rows a page; only when a page was asked for.
             */
            pageSize?: number | null;
            /** @description How many rows there are; only when a page was asked for. */
            total?: number | null;
        };
        /** @description A whole list, or one page of it where the caller asked for a page. */
        Listed_UserView: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 200
             */
            code: number;
            /** @description The rows. */
            data: components["schemas"]["UserView"][];
            /**
             * Format: int32
             * @description The page, from 1; only when a page was asked for.
             */
            page?: number | null;
            /**
             * Format: int32
             * @description Rows a page; only when a page was asked for.
             */
            pageSize?: number | null;
            /** @description How many rows there are; only when a page was asked for. */
            total?: number | null;
        };
        /** @description A setting that the configuration decides. */
        LockedView: {
            /** @description What decides it: `CORS_ORIGINS`. */
            by: string;
            /** @description The field: `corsOrigins`. */
            field: string;
        };
        /** @description A name and a password. */
        Login: {
            /** @description Whether the refresh token comes as a cookie that no script can read, and not in the body. */
            asCookie?: boolean;
            /** @description Their password. */
            password: string;
            /**
             * @description The user's name.
             * @example admin
             */
            username: string;
        };
        /** @description One page of calls. */
        LogsView: {
            logs: components["schemas"]["LogView"][];
            /** Format: int32 */
            page: number;
            /** Format: int32 */
            pageSize: number;
            /**
             * Format: int64
             * @description How many calls there are, or at least how many.
             */
            total: number;
            /** @description True where counting stopped at `total`. */
            totalIsCapped?: boolean;
        };
        /** @description A call, shown by its final attempt, or one attempt of it. Token kinds are disjoint. */
        LogView: {
            /** Format: int64 */
            appId?: number | null;
            /** @description The app token's name. */
            appName?: string | null;
            /**
             * Format: int32
             * @description Which attempt of the call this is, from 1; 0 where it was refused before any.
             */
            attempt: number;
            /**
             * Format: int32
             * @description Attempts that the call took.
             */
            attempts: number;
            /** Format: int64 */
            cachedTokens: number;
            /**
             * Format: int64
             * @description Tokens written to a cache for an hour; those above are not among them.
             */
            cacheWrite1hTokens: number;
            /** Format: int64 */
            cacheWriteTokens: number;
            /** @description The caller's own `X-Request-Id`. */
            clientRequestId?: string | null;
            /** Format: int64 */
            completionTokens: number;
            /**
             * Format: double
             * @description US dollars; null where unpriced.
             */
            costUsd?: number | null;
            /**
             * Format: date-time
             * @description When the call arrived.
             */
            createdAt: string;
            endpoint: string;
            endUser?: string | null;
            errorCode?: string | null;
            errorMessage?: string | null;
            finishReason?: string | null;
            /** Format: int64 */
            firstTokenMs?: number | null;
            /**
             * Format: int32
             * @description The provider's status where it failed, else what the caller got.
             */
            httpStatus?: number | null;
            ipAddress?: string | null;
            /** @description Whether the tokens are our estimate, since the provider did not tell. */
            isEstimated: boolean;
            isStream: boolean;
            /** Format: int64 */
            keyId?: number | null;
            keyName?: string | null;
            /** Format: int64 */
            latencyMs: number;
            /** @description The model that was called. */
            model?: string | null;
            /** Format: int64 */
            promptTokens: number;
            providerCode?: string | null;
            /** Format: int64 */
            providerId?: number | null;
            /** Format: int64 */
            reasoningTokens: number;
            /** @description The model or alias that the caller named. */
            requestedModel?: string | null;
            requestId: string;
            /**
             * Format: date-time
             * @description When this attempt was sent.
             */
            startedAt: string;
            /** @enum {string} */
            status: "success" | "error" | "cancelled";
            /** Format: int64 */
            totalTokens: number;
            userAgent?: string | null;
            /** Format: int64 */
            userId?: number | null;
            /** @description The user's name. */
            userName?: string | null;
        };
        /** @description A provider, model, key, app token or user. */
        MemberView: {
            by: components["schemas"]["DimensionWord"];
            /** @description Its id, or the model's code; null for calls that have none. */
            key?: string | null;
            /** @description What people call it, also after its deletion; null for calls that have none. */
            name?: string | null;
        };
        /** @description Who somebody is. */
        MeView: {
            /**
             * Format: int64
             * @description The user's id.
             */
            id: number;
            /** @description Whether somebody else chose their password. */
            mustChangePassword: boolean;
            /** @enum {string} */
            role: "admin" | "analyst" | "app";
            /** @description Their name. */
            username: string;
        };
        /** @description A list of models, in the caller's dialect. */
        ModelList: components["schemas"]["OpenAiModels"] | components["schemas"]["AnthropicModels"];
        /** @description What can be said of a model; what is absent stays as it is, or has its default. */
        ModelPatch: {
            /** @description What it refuses or demands, by default nothing; these take the place of all that it had. */
            constraints?: Record<string, never> | null;
            /**
             * Format: double
             * @description Dollars for 1000 prompt tokens from the cache; null is as any prompt token.
             */
            costPer1kCacheReadTokens?: number | null;
            /**
             * Format: double
             * @description Dollars for 1000 prompt tokens into the cache; null is as any prompt token.
             */
            costPer1kCacheWriteTokens?: number | null;
            /**
             * Format: double
             * @description Dollars for 1000 answer tokens; null makes it unpriced.
             */
            costPer1kCompletionTokens?: number | null;
            /**
             * Format: double
             * @description Dollars for 1000 prompt tokens; null makes it unpriced.
             */
            costPer1kPromptTokens?: number | null;
            /** @description Whether callers may use it; by default they may. */
            isActive?: boolean | null;
            /** @description Whether it answers calls to its provider that name no model. */
            isDefault?: boolean | null;
            /** @enum {string} */
            lifecycle?: "active" | "deprecating" | "retired";
            /**
             * Format: int64
             * @description The longest prompt, in tokens.
             */
            maxInputTokens?: number | null;
            /**
             * Format: int64
             * @description The longest answer, in tokens.
             */
            maxOutputTokens?: number | null;
            /** @description What the provider calls it. */
            modelCode?: string | null;
            /** @description What people call it; by default its code. */
            modelName?: string | null;
            /** @enum {string} */
            modelType?: "chat" | "embedding" | "image" | "audio" | "moderation" | "rerank" | "other";
            /**
             * Format: int64
             * @description Who serves it; cannot be changed.
             */
            providerId?: number | null;
            /**
             * Format: date
             * @description The day the provider stops serving it.
             */
            shutdownDate?: string | null;
            /** @description Whether it calls tools; by default it does not. */
            supportsFunctionCall?: boolean | null;
            /** @description Whether it streams; by default it does. */
            supportsStreaming?: boolean | null;
            /** @description Whether it sees images; by default it does not. */
            supportsVision?: boolean | null;
        };
        /** @description A model. */
        ModelView: {
            /** @description What it refuses or demands. */
            constraints: Record<string, never>;
            /**
             * Format: double
             * @description Dollars for 1000 prompt tokens from the cache; null is as any prompt token.
             */
            costPer1kCacheReadTokens?: number | null;
            /**
             * Format: double
             * @description Dollars for 1000 prompt tokens into the cache; null is as any prompt token.
             */
            costPer1kCacheWriteTokens?: number | null;
            /**
             * Format: double
             * @description Dollars for 1000 answer tokens; null is unpriced.
             */
            costPer1kCompletionTokens?: number | null;
            /**
             * Format: double
             * @description Dollars for 1000 prompt tokens of a short prompt; null is unpriced.
             */
            costPer1kPromptTokens?: number | null;
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdAt: string;
            /**
             * Format: int64
             * @description Its id.
             */
            id: number;
            /** @description Whether callers may use it. */
            isActive: boolean;
            /** @description Whether it answers calls to its provider that name no model. */
            isDefault: boolean;
            /** @description Whether the last sync did not find it. */
            isMissingUpstream: boolean;
            /** @enum {string} */
            lifecycle: "active" | "deprecating" | "retired";
            /**
             * Format: int64
             * @description The longest prompt, in tokens.
             */
            maxInputTokens?: number | null;
            /**
             * Format: int64
             * @description The longest answer, in tokens.
             */
            maxOutputTokens?: number | null;
            /** @description What the provider calls it. */
            modelCode: string;
            /** @description What people call it. */
            modelName: string;
            /** @enum {string} */
            modelType: "chat" | "embedding" | "image" | "audio" | "moderation" | "rerank" | "other";
            /**
             * Format: int64
             * @description Who serves it.
             */
            providerId: number;
            /**
             * Format: date
             * @description The day the provider stops serving it.
             */
            shutdownDate?: string | null;
            /** @enum {string} */
            source: "seed" | "sync" | "manual";
            /** @description Whether it calls tools. */
            supportsFunctionCall: boolean;
            /** @description Whether it streams. */
            supportsStreaming: boolean;
            /** @description Whether it sees images. */
            supportsVision: boolean;
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            updatedAt: string;
        };
        /** @description What can be said of an app token; what is absent stays as it is, or has its default. */
        NewAppToken: {
            /** @description Models it may call; empty, as by default, is any. */
            allowedModels?: string[] | null;
            /** @description Codes of providers it may call; empty, as by default, is any. */
            allowedProviders?: string[] | null;
            /** @enum {string} */
            budgetPeriod?: "total" | "day" | "month";
            /**
             * Format: double
             * @description US dollars it may spend in a period, to nine places; null, as by default, is as much as it
             *     likes.
             */
            budgetUsd?: number | null;
            /**
             * Format: date-time
             * @description When it stops working; null, as by default, is never.
             */
            expiresAt?: string | null;
            /** @description Whether it works; by default it does. */
            isActive?: boolean | null;
            /**
             * Format: int64
             * @description Requests in flight.
             */
            maxConcurrent?: number | null;
            /** @description What people call it. */
            name: string | null;
            /**
             * Format: int64
             * @description Requests in a UTC day.
             */
            rateLimitRpd?: number | null;
            /**
             * Format: int64
             * @description Requests in any 60 seconds; null, as by default, and 0 are any number, here and in the
             *     limits below.
             */
            rateLimitRpm?: number | null;
            /**
             * Format: int64
             * @description Tokens in any 60 seconds.
             */
            rateLimitTpm?: number | null;
            scopes?: ("chat" | "admin")[];
        };
        /** @description What can be said of a key; what is absent stays as it is, or has its default. */
        NewKey: {
            /** @description The key itself. */
            apiKey?: string | null;
            /** @description Where its requests go instead of the provider's base URL. */
            baseUrl?: string | null;
            /** @enum {string} */
            credentialKind?: "static" | "remote" | "oauth2";
            /** @description Whether it is to be used; by default it is. */
            isActive?: boolean | null;
            /** @description What people call it; need not be unique. */
            keyName: string | null;
            /**
             * Format: int64
             * @description Requests under way; 0 is unlimited, null is not known.
             */
            maxConcurrent?: number | null;
            oauth2?: components["schemas"]["OAuth2Credential"] | null;
            /**
             * Format: int64
             * @description Higher goes first; by default 100.
             */
            priority?: number | null;
            /**
             * Format: int64
             * @description The provider; where it is given, it must be the one that the key belongs to.
             */
            providerId?: number | null;
            /**
             * Format: int64
             * @description Requests in a UTC day; 0 is unlimited, null is not known.
             */
            rateLimitRpd?: number | null;
            /**
             * Format: int64
             * @description Requests in any 60 seconds; 0 is unlimited, null is not known.
             */
            rateLimitRpm?: number | null;
            /**
             * Format: int64
             * @description Tokens in any 60 seconds; 0 is unlimited, null is not known.
             */
            rateLimitTpm?: number | null;
            remote?: components["schemas"]["RemoteCredential"] | null;
            /**
             * Format: int64
             * @description Its share under a weighted strategy; by default 1.
             */
            weight?: number | null;
        };
        /** @description What can be said of a model; what is absent stays as it is, or has its default. */
        NewModel: {
            /** @description What it refuses or demands, by default nothing; these take the place of all that it had. */
            constraints?: Record<string, never> | null;
            /**
             * Format: double
             * @description Dollars for 1000 prompt tokens from the cache; null is as any prompt token.
             */
            costPer1kCacheReadTokens?: number | null;
            /**
             * Format: double
             * @description Dollars for 1000 prompt tokens into the cache; null is as any prompt token.
             */
            costPer1kCacheWriteTokens?: number | null;
            /**
             * Format: double
             * @description Dollars for 1000 answer tokens; null makes it unpriced.
             */
            costPer1kCompletionTokens?: number | null;
            /**
             * Format: double
             * @description Dollars for 1000 prompt tokens; null makes it unpriced.
             */
            costPer1kPromptTokens?: number | null;
            /** @description Whether callers may use it; by default they may. */
            isActive?: boolean | null;
            /** @description Whether it answers calls to its provider that name no model. */
            isDefault?: boolean | null;
            /** @enum {string} */
            lifecycle?: "active" | "deprecating" | "retired";
            /**
             * Format: int64
             * @description The longest prompt, in tokens.
             */
            maxInputTokens?: number | null;
            /**
             * Format: int64
             * @description The longest answer, in tokens.
             */
            maxOutputTokens?: number | null;
            /** @description What the provider calls it. */
            modelCode: string | null;
            /** @description What people call it; by default its code. */
            modelName?: string | null;
            /** @enum {string} */
            modelType?: "chat" | "embedding" | "image" | "audio" | "moderation" | "rerank" | "other";
            /**
             * Format: int64
             * @description Who serves it; cannot be changed.
             */
            providerId: number | null;
            /**
             * Format: date
             * @description The day the provider stops serving it.
             */
            shutdownDate?: string | null;
            /** @description Whether it calls tools; by default it does not. */
            supportsFunctionCall?: boolean | null;
            /** @description Whether it streams; by default it does. */
            supportsStreaming?: boolean | null;
            /** @description Whether it sees images; by default it does not. */
            supportsVision?: boolean | null;
        };
        /** @description An old password and a new one. */
        NewPassword: {
            /** @description Whether the new session's refresh token comes as a cookie, as at login. */
            asCookie?: boolean;
            /** @description The one that holds now. */
            currentPassword: string;
            /** @description The one to hold from now on, of 8 to 256 characters. */
            newPassword: string;
        };
        /** @description A new price of a model. */
        NewPrice: {
            /**
             * Format: double
             * @description Dollars for 1000 prompt tokens from the cache; by default as any prompt token.
             */
            costPer1kCacheReadTokens?: number | null;
            /**
             * Format: double
             * @description Dollars for 1000 prompt tokens into the one-hour cache; by default as into the other.
             */
            costPer1kCacheWrite1hTokens?: number | null;
            /**
             * Format: double
             * @description Dollars for 1000 prompt tokens into the cache; by default as any prompt token.
             */
            costPer1kCacheWriteTokens?: number | null;
            /**
             * Format: double
             * @description Dollars for 1000 answer tokens.
             */
            costPer1kCompletionTokens?: number | null;
            /**
             * Format: double
             * @description The first tier's rates, where there is but one tier.
             */
            costPer1kPromptTokens?: number | null;
            /**
             * Format: double
             * @description Dollars for each request; by default nothing.
             */
            requestFee?: number | null;
            /** @description Tiers for longer prompts. */
            tiers?: components["schemas"]["Tier"][] | null;
            /**
             * Format: date-time
             * @description From when it holds; by default from now on.
             */
            validFrom?: string | null;
        };
        /** @description What can be said of a provider; what is absent stays as it is, or has its default. */
        NewProvider: {
            /**
             * @description The URL that endpoints such as `/chat/completions` are appended to.
             * @example https://api.example.com/v1
             */
            baseUrl: string | null;
            /**
             * Format: int32
             * @description Milliseconds to connect; by default 10000.
             */
            connectTimeoutMs?: number | null;
            /** @description Code of the model of a call that names none. A new provider gets a model of that code. */
            defaultModel?: string | null;
            /** @description Request fields sent where the caller is silent. */
            defaultParams?: Record<string, never> | null;
            /** @description Free text. */
            description?: string | null;
            /** @description Headers sent with every request; none that carries a key. */
            extraHeaders?: {
                [key: string]: string;
            } | null;
            /**
             * Format: int32
             * @description Milliseconds to the first content; by default 120000.
             */
            firstTokenTimeoutMs?: number | null;
            /**
             * Format: int32
             * @description Milliseconds between two signs of life in a stream; by default 120000.
             */
            idleTimeoutMs?: number | null;
            /** @description Whether calls may go to it; by default they may. */
            isActive?: boolean | null;
            /** @enum {string} */
            lbStrategy?: "priority" | "least_load" | "round_robin" | "weighted" | "least_requests" | "random" | "ip_hash";
            /**
             * Format: int32
             * @description Further attempts that one call may make; by default 3.
             */
            maxRetries?: number | null;
            /** @enum {string} */
            protocol?: "openai" | "anthropic" | "gemini";
            /**
             * @description What callers call it: 1 to 50 of `a-z`, `0-9`, `_` and `-`.
             * @example my-proxy
             */
            providerCode: string | null;
            /** @description What people call it. */
            providerName: string | null;
            /**
             * Format: int32
             * @description Milliseconds that a call may wait for a key with room; by default 0.
             */
            queueTimeoutMs?: number | null;
            /** @description What it wants sent differently from its protocol's standard. */
            quirks?: Record<string, never> | null;
            /**
             * Format: int64
             * @description Where several providers list a model, the lowest goes first; by default 100.
             */
            sortOrder?: number | null;
            /**
             * Format: int32
             * @description Milliseconds for everything; by default 600000.
             */
            totalTimeoutMs?: number | null;
        };
        /** @description What can be said of a route; what is absent stays as it is, or has its default. */
        NewRoute: {
            /** @description What callers name as their model; unique. */
            alias: string | null;
            /** @description What people say of it; null is nothing. */
            description?: string | null;
            fallbackOn?: ("failure" | "context_too_long" | "content_refused")[];
            /** @description Whether callers may use it; by default they may. */
            isActive?: boolean | null;
            /** @description Where calls go, in order; those with a weight share the first tries. */
            targets: components["schemas"]["RouteTarget"][] | null;
        };
        /** @description What can be said of a user; what is absent stays as it is, or has its default. */
        NewUser: {
            /** @description Whether they may sign in; by default they may. */
            isActive?: boolean | null;
            /** @description Whether they are asked to choose another password. */
            mustChangePassword?: boolean | null;
            /** @description Their password; a new one ends their sessions, and they are asked to choose their own. */
            password: string | null;
            /** @enum {string} */
            role: "admin" | "analyst" | "app";
            /** @description What they sign in with: letters, digits and `_ . @ -`. */
            username: string | null;
        };
        /**
         * @description Nothing to tell: `null`.
         * @default null
         */
        Nothing: unknown;
        /**
         * @description An account that is let in by access tokens, as a credentials file holds it; the names of such a
         *     file, `client_id` and so on, are understood too.
         */
        OAuth2Credential: {
            /** @description The client's id. */
            clientId?: string | null;
            /** @description The client's secret; public clients have none. */
            clientSecret?: string | null;
            /**
             * Format: int32
             * @description How long before its end an access token is replaced, in seconds.
             * @default 60
             */
            refreshBeforeSeconds: number;
            /** @description What the next access token is got with. */
            refreshToken: string;
            /** @enum {string} */
            requestFormat?: "form" | "json_camel";
            /** @description Where tokens are asked for. */
            tokenUrl: string;
        };
        /** @description A model, in the caller's dialect. */
        OneModel: components["schemas"]["OpenAiModel"] | components["schemas"]["AnthropicModel"];
        /** @description A failure as OpenAI tells it. */
        OpenAiError: {
            /** @description A stable code. */
            code?: string | null;
            /** @description What is wrong, in words. */
            message: string;
            /** @description The field that is wrong. */
            param?: string | null;
            /** @description OpenAI's class: `invalid_request_error`. */
            type: string;
        };
        /** @description The body of a failure under `/v1`: OpenAI's. */
        OpenAiErrorBody: {
            /** @description The failure. */
            error: components["schemas"]["OpenAiError"];
        };
        /** @description A model, as OpenAI tells it. */
        OpenAiModel: {
            /**
             * Format: int64
             * @description When it was first listed here, in Unix seconds.
             */
            created: number;
            /** @description What to ask for it by. */
            id: string;
            /** @description `model`. */
            object: string;
            /** @description The code of its provider; `tollgate` for a route. */
            owned_by: string;
        };
        /** @description A list of models, as OpenAI tells it. */
        OpenAiModels: {
            data: components["schemas"]["OpenAiModel"][];
            /** @description `list`. */
            object: string;
        };
        /** @description What a caller has used, and what it may still use. */
        OwnUsageView: {
            budget?: components["schemas"]["BudgetView"] | null;
            limits?: components["schemas"]["HeadroomView"] | null;
            /** @description Since the first of the month of UTC. */
            thisMonth: components["schemas"]["SumsView"];
            /** @description Since midnight of UTC. */
            today: components["schemas"]["SumsView"];
        };
        /** @description The sums of a point. */
        PointView: {
            /**
             * Format: double
             * @description US dollars.
             */
            cost: number;
            /** Format: int64 */
            errors: number;
            /** Format: int64 */
            requests: number;
            /** Format: int64 */
            tokens: number;
        };
        /** @description A starting point for a new provider. */
        PresetView: {
            /** @description Where it is; a part in braces is to be replaced, and an empty one to be filled in. */
            baseUrl: string;
            /** @description Code of the model of a call that names none. */
            defaultModel?: string | null;
            /** @description What to know of it. */
            description?: string | null;
            /** @description Headers sent with every request. */
            extraHeaders: {
                [key: string]: string;
            };
            /** @enum {string} */
            protocol: "openai" | "anthropic" | "gemini";
            /**
             * @description What callers would call it.
             * @example openrouter
             */
            providerCode: string;
            /** @description What people would call it. */
            providerName: string;
            /** @description What it wants sent differently from its protocol's standard. */
            quirks: Record<string, never>;
        };
        /** @description What failed in the time before. */
        PreviousErrorsView: components["schemas"]["ErrorsView"] & {
            range: components["schemas"]["SpanView"];
        };
        /** @description The time before. */
        PreviousView: {
            range: components["schemas"]["SpanView"];
            summary: components["schemas"]["SummaryView"];
            /** @description Each hour, day or month, oldest first, empty ones as zeros. */
            trend: components["schemas"]["TrendView"][];
        };
        /** @description One tier of one price of a model. */
        PriceView: {
            /**
             * Format: double
             * @description Dollars for 1000 prompt tokens from the cache; null is as any prompt token.
             */
            costPer1kCacheReadTokens?: number | null;
            /**
             * Format: double
             * @description Dollars for 1000 prompt tokens into the one-hour cache; null is as into the other.
             */
            costPer1kCacheWrite1hTokens?: number | null;
            /**
             * Format: double
             * @description Dollars for 1000 prompt tokens into the cache; null is as any prompt token.
             */
            costPer1kCacheWriteTokens?: number | null;
            /**
             * Format: double
             * @description Dollars for 1000 answer tokens; null where the tier's price is not known.
             */
            costPer1kCompletionTokens?: number | null;
            /**
             * Format: double
             * @description Dollars for 1000 prompt tokens; null where the tier's price is not known.
             */
            costPer1kPromptTokens?: number | null;
            /**
             * Format: int64
             * @description Its id, which a call's record names.
             */
            id: number;
            /**
             * Format: int64
             * @description What it prices.
             */
            modelId: number;
            /**
             * Format: double
             * @description Dollars for each request; null where the tier's price is not known.
             */
            requestFee?: number | null;
            /** @description Who said so: `seed`, `sync`, `manual`. */
            source: string;
            /**
             * Format: int64
             * @description The smallest whole prompt, in tokens, that it is for.
             */
            tierMinPromptTokens: number;
            /**
             * Format: date-time
             * @description From when it holds.
             */
            validFrom: string;
        };
        /** @description A provider's share in the load. */
        ProviderLoad: {
            /** @enum {string} */
            algorithm: "priority" | "least_load" | "round_robin" | "weighted" | "least_requests" | "random" | "ip_hash";
            /**
             * Format: int64
             * @description Requests under way.
             */
            inFlight: number;
            /** @description Its keys. */
            keys: components["schemas"]["KeyCounts"];
            /** @description The provider's code. */
            providerCode: string;
            /**
             * Format: int64
             * @description The provider's id.
             */
            providerId: number;
            /** @description What people call it. */
            providerName: string;
            /**
             * Format: int64
             * @description Requests of the last minute.
             */
            rpmUsed: number;
            /**
             * Format: double
             * @description Its part of all requests of the last minute, 0 to 1.
             */
            share: number;
        };
        /** @description A provider's part in the load. */
        ProviderLoadView: {
            /** @enum {string} */
            algorithm: "priority" | "least_load" | "round_robin" | "weighted" | "least_requests" | "random" | "ip_hash";
            /** @description Who carried the requests of the last minute. */
            distribution: components["schemas"]["ShareView"][];
            /**
             * Format: int64
             * @description Requests under way.
             */
            inFlight: number;
            /** @description Those that carry calls now. */
            keysHealthy: number;
            /** @description Its keys. */
            keysTotal: number;
            /** @description The provider's code. */
            providerCode: string;
            /**
             * Format: int64
             * @description Requests of the last minute.
             */
            requestsLastMinute: number;
            /**
             * Format: int64
             * @description Requests of this UTC day.
             */
            requestsToday: number;
            /**
             * Format: int64
             * @description Tokens of the last minute.
             */
            tokensLastMinute: number;
        };
        /** @description What can be said of a provider; what is absent stays as it is, or has its default. */
        ProviderPatch: {
            /**
             * @description The URL that endpoints such as `/chat/completions` are appended to.
             * @example https://api.example.com/v1
             */
            baseUrl?: string | null;
            /**
             * Format: int32
             * @description Milliseconds to connect; by default 10000.
             */
            connectTimeoutMs?: number | null;
            /** @description Code of the model of a call that names none. A new provider gets a model of that code. */
            defaultModel?: string | null;
            /** @description Request fields sent where the caller is silent. */
            defaultParams?: Record<string, never> | null;
            /** @description Free text. */
            description?: string | null;
            /** @description Headers sent with every request; none that carries a key. */
            extraHeaders?: {
                [key: string]: string;
            } | null;
            /**
             * Format: int32
             * @description Milliseconds to the first content; by default 120000.
             */
            firstTokenTimeoutMs?: number | null;
            /**
             * Format: int32
             * @description Milliseconds between two signs of life in a stream; by default 120000.
             */
            idleTimeoutMs?: number | null;
            /** @description Whether calls may go to it; by default they may. */
            isActive?: boolean | null;
            /** @enum {string} */
            lbStrategy?: "priority" | "least_load" | "round_robin" | "weighted" | "least_requests" | "random" | "ip_hash";
            /**
             * Format: int32
             * @description Further attempts that one call may make; by default 3.
             */
            maxRetries?: number | null;
            /** @enum {string} */
            protocol?: "openai" | "anthropic" | "gemini";
            /**
             * @description What callers call it: 1 to 50 of `a-z`, `0-9`, `_` and `-`.
             * @example my-proxy
             */
            providerCode?: string | null;
            /** @description What people call it. */
            providerName?: string | null;
            /**
             * Format: int32
             * @description Milliseconds that a call may wait for a key with room; by default 0.
             */
            queueTimeoutMs?: number | null;
            /** @description What it wants sent differently from its protocol's standard. */
            quirks?: Record<string, never> | null;
            /**
             * Format: int64
             * @description Where several providers list a model, the lowest goes first; by default 100.
             */
            sortOrder?: number | null;
            /**
             * Format: int32
             * @description Milliseconds for everything; by default 600000.
             */
            totalTimeoutMs?: number | null;
        };
        /** @description A provider. */
        ProviderView: {
            /**
             * Format: int64
             * @description Its active keys.
             */
            activeKeysCount: number;
            /** @description The URL that endpoints such as `/chat/completions` are appended to. */
            baseUrl: string;
            /**
             * Format: int32
             * @description Milliseconds to connect.
             */
            connectTimeoutMs: number;
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdAt: string;
            /** @description Code of the model of a call that names none. */
            defaultModel?: string | null;
            /** @description Request fields sent where the caller is silent. */
            defaultParams: Record<string, never>;
            /** @description Free text. */
            description?: string | null;
            /** @description Headers sent with every request. */
            extraHeaders: {
                [key: string]: string;
            };
            /**
             * Format: int32
             * @description Milliseconds to the first content.
             */
            firstTokenTimeoutMs: number;
            /**
             * Format: int64
             * @description Its id.
             */
            id: number;
            /**
             * Format: int32
             * @description Milliseconds between two signs of life in a stream.
             */
            idleTimeoutMs: number;
            /** @description Whether calls may go to it. */
            isActive: boolean;
            /** @enum {string} */
            lbStrategy: "priority" | "least_load" | "round_robin" | "weighted" | "least_requests" | "random" | "ip_hash";
            /**
             * Format: int32
             * @description Further attempts that one call may make.
             */
            maxRetries: number;
            /**
             * Format: int64
             * @description Its models.
             */
            modelsCount: number;
            /** @enum {string} */
            protocol: "openai" | "anthropic" | "gemini";
            /**
             * @description What callers call it.
             * @example openai
             */
            providerCode: string;
            /** @description What people call it. */
            providerName: string;
            /**
             * Format: int32
             * @description Milliseconds that a call may wait for a key with room.
             */
            queueTimeoutMs: number;
            /** @description What it wants sent differently from its protocol's standard. */
            quirks: Record<string, never>;
            /**
             * Format: int64
             * @description Where several providers list a model, the lowest goes first.
             */
            sortOrder: number;
            /**
             * Format: int32
             * @description Milliseconds for everything.
             */
            totalTimeoutMs: number;
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            updatedAt: string;
        };
        /** @description A refresh token, here or in the cookie that a login gave. */
        Refresh: {
            /** @description The newest one; absent where the cookie brings it, which the next one then comes in too. */
            refreshToken?: string | null;
        };
        /** @description A key service: `GET {url}?sceneCode={sceneCode}` answers `{"result": "the key"}`. */
        RemoteCredential: {
            /** @description The key to use while the service has given none. */
            backupKey?: string | null;
            /**
             * Format: int32
             * @description How long a key holds, in seconds.
             * @default 600
             */
            expireSeconds: number;
            /**
             * Format: int32
             * @description How long before its end the next one is asked for, in seconds.
             * @default 120
             */
            refreshBeforeSeconds: number;
            /** @description Which key to ask it for. */
            sceneCode?: string;
            /** @description Where it is. */
            url: string;
        };
        /** @description A report, and how far its days are from those of the time zone. */
        Report_DashboardView: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 200
             */
            code: number;
            /** @description Everything on the dashboard. */
            data: {
                errors: components["schemas"]["ErrorsView"];
                previous?: components["schemas"]["PreviousView"] | null;
                /** @description The time that it is about. */
                range: components["schemas"]["SpanView"];
                summary: components["schemas"]["SummaryView"];
                /** @description The app tokens with the most calls. */
                topApps: components["schemas"]["UsageRow"][];
                /** @description The models with the most calls. */
                topModels: components["schemas"]["UsageRow"][];
                /** @description Each hour, day or month, oldest first, empty ones as zeros. */
                trend: components["schemas"]["TrendView"][];
            };
            /**
             * Format: int64
             * @description How many minutes before those of `tz` its hours, days and months begin, since time is cut at
             *     full hours of UTC; absent where they are the same. The range itself is kept to the millisecond.
             */
            tzShiftedMinutes?: number | null;
        };
        /** @description A report, and how far its days are from those of the time zone. */
        Report_SeriesView: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 200
             */
            code: number;
            /** @description How the members that matter most develop beside each other. */
            data: {
                /** @description Each hour, day or month, oldest first, empty ones as zeros, with the sums over all members. */
                points: components["schemas"]["SeriesPointView"][];
                range: components["schemas"]["SpanView"];
                /** @description The members that matter most, the first of them first. */
                series: components["schemas"]["LineView"][];
            };
            /**
             * Format: int64
             * @description How many minutes before those of `tz` its hours, days and months begin, since time is cut at
             *     full hours of UTC; absent where they are the same. The range itself is kept to the millisecond.
             */
            tzShiftedMinutes?: number | null;
        };
        /** @description A report, and how far its days are from those of the time zone. */
        Report_Vec_TrendView: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 200
             */
            code: number;
            data: {
                /** Format: int64 */
                avgLatencyMs: number;
                /**
                 * Format: double
                 * @description US dollars.
                 */
                cost: number;
                /**
                 * @description The hour (with its offset), the day or the month.
                 * @example 2026-11-21
                 */
                date: string;
                /** Format: int64 */
                errorCount: number;
                /**
                 * Format: date-time
                 * @description When it begins.
                 */
                from: string;
                /** Format: int64 */
                p50LatencyMs?: number | null;
                /** Format: int64 */
                p95LatencyMs?: number | null;
                /** Format: int64 */
                p99LatencyMs?: number | null;
                /** Format: int64 */
                requests: number;
                /** Format: int64 */
                successCount: number;
                /**
                 * Format: double
                 * @description From 0 to 1; 0 where there was no call.
                 */
                successRate: number;
                /**
                 * Format: date-time
                 * @description When it is over.
                 */
                to: string;
                /** Format: int64 */
                tokens: number;
                /**
                 * Format: int64
                 * @description Attempts that used tokens and have no price.
                 */
                unpricedCount: number;
            }[];
            /**
             * Format: int64
             * @description How many minutes before those of `tz` its hours, days and months begin, since time is cut at
             *     full hours of UTC; absent where they are the same. The range itself is kept to the millisecond.
             */
            tzShiftedMinutes?: number | null;
        };
        /** @description A report, and how far its days are from those of the time zone. */
        Report_Vec_UsageRow: {
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 200
             */
            code: number;
            data: {
                /** Format: int64 */
                avgLatencyMs: number;
                /**
                 * Format: int64
                 * @description Prompt tokens read from a cache.
                 */
                cachedTokens: number;
                /**
                 * Format: int64
                 * @description Prompt tokens written to a cache for an hour.
                 */
                cacheWrite1hTokens: number;
                /**
                 * Format: int64
                 * @description Prompt tokens written to a cache.
                 */
                cacheWriteTokens: number;
                /**
                 * Format: int64
                 * @description Answer tokens that callers see.
                 */
                completionTokens: number;
                /** @description The hour, day or month, where grouped by time. */
                date?: string | null;
                /** Format: int64 */
                errorCount: number;
                /** @description The id or the model's code, where grouped by something else; null for calls without one. */
                key?: string | null;
                /** @description What people call it; null for calls without one. */
                name?: string | null;
                /**
                 * Format: int64
                 * @description Prompt tokens outside any cache.
                 */
                promptTokens: number;
                /**
                 * Format: int64
                 * @description Answer tokens spent on reasoning.
                 */
                reasoningTokens: number;
                /** Format: int64 */
                successCount: number;
                /**
                 * Format: double
                 * @description US dollars.
                 */
                totalCost: number;
                /** Format: int64 */
                totalRequests: number;
                /** Format: int64 */
                totalTokens: number;
                /**
                 * Format: int64
                 * @description Attempts that used tokens and have no price.
                 */
                unpricedCount: number;
            }[];
            /**
             * Format: int64
             * @description How many minutes before those of `tz` its hours, days and months begin, since time is cut at
             *     full hours of UTC; absent where they are the same. The range itself is kept to the millisecond.
             */
            tzShiftedMinutes?: number | null;
        };
        /** @description Which calls of a model to price again. */
        RepriceBody: {
            /** @description Whether only to tell what would change; by default nothing is left as it is. */
            dryRun?: boolean;
            /**
             * Format: date-time
             * @description Calls that arrived not before.
             */
            from: string;
            price?: components["schemas"]["NewPrice"] | null;
            /**
             * Format: date-time
             * @description Calls that arrived before; by default until now.
             */
            to?: string | null;
        };
        /** @description What pricing again changed, or would change. */
        RepriceView: {
            /**
             * Format: int64
             * @description Attempts that used tokens.
             */
            attempts: number;
            /**
             * Format: int64
             * @description How many of them have another price or cost.
             */
            changed: number;
            /**
             * Format: double
             * @description US dollars that those cost together which have one now.
             */
            costAfter: number;
            /**
             * Format: double
             * @description US dollars that those cost together which had a cost.
             */
            costBefore: number;
            /**
             * Format: date-time
             * @description Where the next request goes on: one looks at about 50,000 attempts. Null where all is done.
             */
            nextFrom?: string | null;
            /**
             * Format: int64
             * @description Attempts left alone because they are past the retention.
             */
            pastRetention: number;
            /**
             * Format: int64
             * @description How many have one now.
             */
            pricedAfter: number;
            /**
             * Format: int64
             * @description How many had a cost.
             */
            pricedBefore: number;
        };
        /** @description What is left of one limit. */
        Room: {
            /** @description Whether the provider told the limit, rather than an operator. */
            isLearned: boolean;
            /**
             * Format: int64
             * @description What is left of it; null where nothing limits.
             */
            left?: number | null;
            /**
             * Format: int64
             * @description The limit that holds; null where there is none, or none is known.
             */
            limit?: number | null;
        };
        /** @description A route to be looked at. */
        RouteOutlookBody: {
            /** @description Where calls would go. */
            targets: components["schemas"]["RouteTarget"][];
        };
        /** @description What can be said of a route; what is absent stays as it is, or has its default. */
        RoutePatch: {
            /** @description What callers name as their model; unique. */
            alias?: string | null;
            /** @description What people say of it; null is nothing. */
            description?: string | null;
            fallbackOn?: ("failure" | "context_too_long" | "content_refused")[];
            /** @description Whether callers may use it; by default they may. */
            isActive?: boolean | null;
            /** @description Where calls go, in order; those with a weight share the first tries. */
            targets?: components["schemas"]["RouteTarget"][] | null;
        };
        /** @description How an attempt came to its key. */
        RouteStepView: {
            /** Format: int32 */
            attempt: number;
            routing: Record<string, never>;
            /** @description The same as `routing`, in sentences. */
            told: string[];
        };
        /** @description One place that a call may go to. */
        RouteTarget: {
            /** @description What the provider calls the model. */
            modelCode: string;
            /** @description The provider's code. */
            providerCode: string;
            /**
             * Format: int32
             * @description Its share of the first tries, against the weights of the others; 0 is none, and where all
             *     are 0, the first is tried first.
             */
            weight?: number;
        };
        /** @description A route to be tried out. */
        RouteTestBody: {
            /** @description What each of them is asked; by default for one word. */
            prompt?: string | null;
            /** @description Where calls would go. */
            targets: components["schemas"]["RouteTarget"][];
        };
        /** @description What came of the trial. */
        RouteTestView: {
            /**
             * @description The place in `targets` of the first that answered, by which a call would be answered too;
             *     null where none did.
             */
            answeredBy?: number | null;
            /** @description What came of each target, in their order. */
            results: components["schemas"]["TargetResult"][];
        };
        /** @description A route. */
        RouteView: {
            /** @description What callers name as their model. */
            alias: string;
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdAt: string;
            /** @description What people say of it. */
            description?: string | null;
            fallbackOn: ("failure" | "context_too_long" | "content_refused")[];
            /**
             * Format: int64
             * @description Its id.
             */
            id: number;
            /** @description Whether callers may use it. */
            isActive: boolean;
            /** @description Where calls go, in order; those with a weight share the first tries. */
            targets: components["schemas"]["RouteTarget"][];
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            updatedAt: string;
        };
        /** @description An instance that shares the database. */
        RunningInstance: {
            /**
             * @description Its machine and port.
             * @example gateway-1:3000
             */
            address: string;
            /**
             * Format: int64
             * @description Records of its journal that were not in the database then.
             */
            backlogRecords: number;
            /** @description The name of this run of it, by which `holder` names it too. */
            instance: string;
            /** @description Whether it has been silent for a minute: it is gone, or does not reach the database. */
            isSilent: boolean;
            /** @description Whether it is the one that answers. */
            isThis: boolean;
            /**
             * Format: date-time
             * @description When it last said that it is there.
             */
            seenAt: string;
            /**
             * Format: date-time
             * @description When it started.
             */
            startedAt: string;
            /** @description Its version. */
            version: string;
        };
        /** @description An hour, a day or a month. */
        SeriesPointView: components["schemas"]["PointView"] & {
            /**
             * @description The hour (with its offset), the day or the month.
             * @example 2026-11-21
             */
            date: string;
            /** Format: date-time */
            from: string;
            /** Format: date-time */
            to: string;
        };
        /** @description How the members that matter most develop beside each other. */
        SeriesView: {
            /** @description Each hour, day or month, oldest first, empty ones as zeros, with the sums over all members. */
            points: components["schemas"]["SeriesPointView"][];
            range: components["schemas"]["SpanView"];
            /** @description The members that matter most, the first of them first. */
            series: components["schemas"]["LineView"][];
        };
        /** @description A session that has not ended. */
        SessionView: {
            /**
             * Format: date-time
             * @description When it began.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it ends unless it is refreshed.
             */
            expiresAt: string;
            /**
             * Format: int64
             * @description Its id.
             */
            id: number;
            /** @description The address it began from. */
            ipAddress?: string | null;
            /** @description Whether this very request came from it. */
            isCurrent: boolean;
            /**
             * Format: date-time
             * @description When it was last refreshed; null where it never was.
             */
            lastUsedAt?: string | null;
            /** @description The program it began in, as that calls itself. */
            userAgent?: string | null;
        };
        /** @description Changes to the settings; what is absent stays. */
        SettingsPatch: {
            /**
             * Format: int32
             * @description Requests without valid credentials that one address may make in 15 minutes.
             */
            addressLimitPer15Min?: number | null;
            alerts?: components["schemas"]["AlertSettingsBody"] | null;
            /** @description Origins that browsers may call from; `*` is any. */
            corsOrigins?: string[] | null;
            /** @description Code of the provider of a call that names neither provider nor model. */
            defaultProvider?: string | null;
            /**
             * @description The IANA time zone that reports use where the caller names none.
             * @example Europe/Berlin
             */
            defaultTimeZone?: string | null;
            /** @enum {string} */
            loadBalancerAlgorithm?: "priority" | "least_load" | "round_robin" | "weighted" | "least_requests" | "random" | "ip_hash";
            /**
             * Format: int32
             * @description For how many days the records of calls are kept. What a lower figure lets go is removed by
             *     the next purge, at 02:00, for good.
             */
            logRetentionDays?: number | null;
        };
        /** @description The settings that hold on every instance. */
        SettingsView: {
            /**
             * Format: int32
             * @description Requests without valid credentials that one address may make in 15 minutes.
             */
            addressLimitPer15Min: number;
            /** @description When alerts fire and where they are told. */
            alerts: components["schemas"]["AlertSettingsView"];
            /** @description Origins that browsers may call from; `*` is any. */
            corsOrigins: string[];
            /** @description Code of the provider of a call that names neither provider nor model. */
            defaultProvider: string;
            /** @description The IANA time zone that reports use where the caller names none. */
            defaultTimeZone: string;
            /** @enum {string} */
            loadBalancerAlgorithm: "priority" | "least_load" | "round_robin" | "weighted" | "least_requests" | "random" | "ip_hash";
            /** @description Fields that this instance's configuration decides, and by what. */
            locked: components["schemas"]["LockedView"][];
            /**
             * Format: int32
             * @description For how many days the records of calls are kept; usage is kept for ever.
             */
            logRetentionDays: number;
        };
        /** @description A key's part of its provider's load. */
        ShareView: {
            /**
             * Format: int64
             * @description The key's id.
             */
            keyId: number;
            /** @description What people call it. */
            keyName: string;
            /**
             * Format: int64
             * @description Requests of the last minute.
             */
            requests: number;
            /**
             * Format: double
             * @description Its part of the provider's, from 0 to 1.
             */
            share: number;
        };
        /** @description Sums. Tokens and cost are of every attempt. */
        SliceView: {
            /** Format: int64 */
            avgLatencyMs: number;
            /** Format: int64 */
            errorCount: number;
            /** Format: int64 */
            successCount: number;
            /**
             * Format: double
             * @description US dollars.
             */
            totalCost: number;
            /** Format: int64 */
            totalRequests: number;
            /** Format: int64 */
            totalTokens: number;
            /**
             * Format: int64
             * @description Attempts that used tokens and have no price.
             */
            unpricedCount: number;
        };
        /** @description From when to before when. */
        SpanView: {
            /** Format: date-time */
            from: string;
            /** Format: date-time */
            to: string;
        };
        /** @description How Tollgate fares. */
        StatusView: {
            /** @description The instances of the database that have said lately that they are there. */
            instances?: components["schemas"]["RunningInstance"][] | null;
            /** @description What is done by the clock, once for all instances. */
            jobs?: components["schemas"]["JobView"][] | null;
            journal?: components["schemas"]["JournalView"] | null;
            /** @description How each active key fares. */
            keyDetails?: components["schemas"]["KeyLoad"][] | null;
            /** @description How many keys there are. */
            keys: components["schemas"]["KeyCounts"];
            /** @description What the numbers mean where there are several instances. */
            note?: string | null;
            /** @description How each active provider shares in the load. */
            providers?: components["schemas"]["ProviderLoad"][] | null;
            /**
             * @description `ok`; `degraded`: a provider has no usable key left; `down`: no call can be served, because
             *     no key is left or calls cannot be recorded.
             * @example ok
             */
            status: string;
            store?: components["schemas"]["StoreView"] | null;
            /**
             * Format: int64
             * @description How long this instance has been running.
             */
            uptimeSeconds?: number | null;
            /** @description Tollgate's version. */
            version?: string | null;
        };
        /** @description The database. */
        StoreView: {
            /** @description Whether it answers. */
            isReachable: boolean;
            /**
             * @description `mysql` (MySQL, MariaDB or TiDB) or `sqlite`.
             * @example mysql
             */
            kind: string;
            /**
             * Format: int64
             * @description How long it took to, in milliseconds; null where it did not.
             */
            latencyMs?: number | null;
        };
        /** @description Sums over a time. The percentiles are of answered calls; null where there is none. */
        SummaryView: {
            /** Format: int64 */
            avgLatencyMs: number;
            /**
             * Format: int64
             * @description Calls whose caller left.
             */
            cancelledCount: number;
            /** Format: int64 */
            errorCount: number;
            /** Format: int64 */
            p50LatencyMs?: number | null;
            /** Format: int64 */
            p95LatencyMs?: number | null;
            /** Format: int64 */
            p99LatencyMs?: number | null;
            /** Format: int64 */
            successCount: number;
            /**
             * Format: double
             * @description From 0 to 1; 0 where there was no call.
             */
            successRate: number;
            /**
             * Format: double
             * @description US dollars.
             */
            totalCost: number;
            /** Format: int64 */
            totalRequests: number;
            /** Format: int64 */
            totalTokens: number;
            /**
             * Format: int64
             * @description Attempts that used tokens and have no price.
             */
            unpricedCount: number;
        };
        /** @description What was used, as far as it is on record. */
        SumsView: {
            /** Format: int64 */
            cachedTokens: number;
            /** Format: int64 */
            completionTokens: number;
            /**
             * Format: double
             * @description US dollars, of every attempt that has a price.
             */
            costUsd: number;
            /** Format: int64 */
            errorCount: number;
            /**
             * Format: date-time
             * @description Since when.
             */
            from: string;
            /** Format: int64 */
            promptTokens: number;
            /** Format: int64 */
            reasoningTokens: number;
            /** Format: int64 */
            requests: number;
            /** Format: int64 */
            successCount: number;
            /** Format: int64 */
            totalTokens: number;
            /**
             * Format: int64
             * @description Attempts that used tokens and have no price.
             */
            unpricedCount: number;
        };
        /** @description What a sync does to one model. */
        SyncedModelView: {
            /** @enum {string} */
            change: "added" | "updated" | "missing";
            /** @description Which of its facts change; none of a new one, or of one that was missing before. */
            fields: components["schemas"]["FieldChangeView"][];
            /** @description Whether its price is known; a model without one is called `unpriced` in reports. */
            isPriced: boolean;
            /** @description Its code. */
            modelCode: string;
            /** @description What people call it. */
            modelName: string;
            /** @enum {string} */
            modelType: "chat" | "embedding" | "image" | "audio" | "moderation" | "rerank" | "other";
        };
        /** @description What a sync found. */
        SyncView: {
            /** @description Codes of models that were new. */
            added: string[];
            /** @description Models in the provider's answer. */
            count: number;
            /** @description Codes of models that the provider no longer lists. */
            missing: string[];
            /** @description The same, model by model, with what changes. */
            models: components["schemas"]["SyncedModelView"][];
            /** @description Codes of models of which something was new. */
            updated: string[];
        };
        /** @description How a target stands, as this instance knows. */
        TargetOutlook: {
            /** @description The same in words. */
            error?: string | null;
            /** @description Why calls cannot go to it, whatever its keys: the error's type. */
            errorType?: string | null;
            /**
             * @description Whether the model is in the list of the provider's; one that is not is sent as written,
             *     unpriced.
             */
            isListed: boolean;
            /** @description The provider's active keys, at most 50: those that could carry a call first. */
            keys: components["schemas"]["KeyOutlook"][];
            /** @enum {string} */
            lifecycle?: "active" | "deprecating" | "retired";
            /** @description What the provider calls the model. */
            modelCode: string;
            /**
             * Format: int64
             * @description The key that the next call would get; null where none can carry one, or chance or the
             *     caller's address decides.
             */
            nextKeyId?: number | null;
            /** @description The provider's code. */
            providerCode: string;
            /**
             * Format: double
             * @description Its part of the first tries, from 0 to 1: among the targets that calls can go to, by weight,
             *     and where none has a weight, the first.
             */
            share: number;
            /**
             * Format: date
             * @description The day the provider stops serving it.
             */
            shutdownDate?: string | null;
            /** @enum {string} */
            strategy?: "priority" | "least_load" | "round_robin" | "weighted" | "least_requests" | "random" | "ip_hash";
        };
        /** @description What came of one target. */
        TargetResult: {
            /**
             * Format: int32
             * @description How many attempts the answer took.
             */
            attempts?: number | null;
            /** @description The answer's text, at most 500 characters. */
            content?: string | null;
            /**
             * Format: double
             * @description US dollars that the answer cost; null where the model has no price.
             */
            costUsd?: number | null;
            /** @description The same in words. */
            error?: string | null;
            /** @description Why there is no answer: the error's type. */
            errorType?: string | null;
            /** @description Whether it answered. */
            isOk: boolean;
            /**
             * Format: int64
             * @description The key that carried it; null where there is no answer.
             */
            keyId?: number | null;
            /** @description What people call that key. */
            keyName?: string | null;
            /**
             * Format: int64
             * @description How long that took, in milliseconds.
             */
            latencyMs: number;
            /** @description What the provider calls the model. */
            modelCode: string;
            /** @description The provider's code. */
            providerCode: string;
            /** @description The call's id, by which it is on record. */
            requestId: string;
            /**
             * Format: int64
             * @description All tokens that the answer used.
             */
            totalTokens?: number | null;
        };
        /** @description A tier for longer prompts. */
        Tier: {
            /**
             * Format: double
             * @description Dollars for 1000 prompt tokens from the cache; by default as any prompt token.
             */
            costPer1kCacheReadTokens?: number | null;
            /**
             * Format: double
             * @description Dollars for 1000 prompt tokens into the one-hour cache; by default as into the other.
             */
            costPer1kCacheWrite1hTokens?: number | null;
            /**
             * Format: double
             * @description Dollars for 1000 prompt tokens into the cache; by default as any prompt token.
             */
            costPer1kCacheWriteTokens?: number | null;
            /**
             * Format: double
             * @description Dollars for 1000 answer tokens; null where the tier's price is not known.
             */
            costPer1kCompletionTokens?: number | null;
            /**
             * Format: double
             * @description Dollars for 1000 prompt tokens; null where the tier's price is not known.
             */
            costPer1kPromptTokens?: number | null;
            /**
             * Format: int64
             * @description The smallest whole prompt, in tokens, that it is for.
             */
            tierMinPromptTokens: number;
        };
        /** @description A tool that the model wants called. */
        ToolCallView: {
            function: components["schemas"]["ToolFunctionView"];
            id?: string | null;
            /**
             * Format: int64
             * @description In streams: which call this is a piece of.
             */
            index?: number | null;
            /** @description `function`. */
            type?: string | null;
        };
        /** @description Which function, with what. */
        ToolFunctionView: {
            /** @description JSON as text; in streams a piece of it. */
            arguments: string;
            name?: string | null;
        };
        /** @description One hour, day or month of a trend. */
        TrendView: {
            /** Format: int64 */
            avgLatencyMs: number;
            /**
             * Format: double
             * @description US dollars.
             */
            cost: number;
            /**
             * @description The hour (with its offset), the day or the month.
             * @example 2026-11-21
             */
            date: string;
            /** Format: int64 */
            errorCount: number;
            /**
             * Format: date-time
             * @description When it begins.
             */
            from: string;
            /** Format: int64 */
            p50LatencyMs?: number | null;
            /** Format: int64 */
            p95LatencyMs?: number | null;
            /** Format: int64 */
            p99LatencyMs?: number | null;
            /** Format: int64 */
            requests: number;
            /** Format: int64 */
            successCount: number;
            /**
             * Format: double
             * @description From 0 to 1; 0 where there was no call.
             */
            successRate: number;
            /**
             * Format: date-time
             * @description When it is over.
             */
            to: string;
            /** Format: int64 */
            tokens: number;
            /**
             * Format: int64
             * @description Attempts that used tokens and have no price.
             */
            unpricedCount: number;
        };
        /** @description What came of it. */
        TrialView: {
            /** @description The channel's name. */
            channel: string;
            /** @description Why the channel did not take it; null where it did. */
            error?: string | null;
            /** @description Whether the channel took the notice. */
            isDelivered: boolean;
            /**
             * Format: int64
             * @description How long it took.
             */
            latencyMs: number;
            /**
             * Format: int32
             * @description The HTTP status that a webhook answered with; null where none came.
             */
            status?: number | null;
        };
        /** @description A model whose calls used tokens, or were answered, and have no price. */
        UnpricedView: {
            /**
             * Format: int64
             * @description Such attempts.
             */
            attempts: number;
            /**
             * Format: int64
             * @description Calls that ended with such an attempt.
             */
            calls: number;
            /**
             * Format: date-time
             * @description When the last of them arrived.
             */
            lastAt: string;
            /** @description The model that was called. */
            model?: string | null;
            providerCode?: string | null;
            /** Format: int64 */
            providerId?: number | null;
            /**
             * Format: date-time
             * @description When the first of them arrived, in the time that is asked about.
             */
            since: string;
            /**
             * Format: int64
             * @description Their tokens.
             */
            tokens: number;
        };
        /** @description A model that the caller may use. */
        UsableModelView: {
            /** Format: double */
            costPer1kCacheReadTokens?: number | null;
            /** Format: double */
            costPer1kCacheWriteTokens?: number | null;
            /** Format: double */
            costPer1kCompletionTokens?: number | null;
            /**
             * Format: double
             * @description US dollars for 1,000 prompt tokens; null where unpriced.
             */
            costPer1kPromptTokens?: number | null;
            /** @description What to send as `model`. */
            id: string;
            /** @description Whether it answers where its provider alone is named. */
            isDefault: boolean;
            /** @description Whether `id` is a route's alias; all else is then told of its first target that has a key. */
            isRoute: boolean;
            /** @enum {string} */
            lifecycle: "active" | "deprecating" | "retired";
            /**
             * Format: int64
             * @description The longest prompt, in tokens; null where unknown.
             */
            maxInputTokens?: number | null;
            /**
             * Format: int64
             * @description The longest answer, in tokens; null where unknown.
             */
            maxOutputTokens?: number | null;
            /** @description What its provider calls it. */
            modelCode: string;
            modelName: string;
            /** @enum {string} */
            modelType: "chat" | "embedding" | "image" | "audio" | "moderation" | "rerank" | "other";
            /** @description Who serves it; of a route, who does first. */
            providerCode: string;
            /**
             * Format: date
             * @description The day its provider stops serving it, where announced.
             */
            shutdownDate?: string | null;
            supportsFunctionCall: boolean;
            supportsStreaming: boolean;
            supportsVision: boolean;
        };
        /** @description Sums of one group. Token kinds are disjoint, `totalTokens` is all of them. */
        UsageRow: {
            /** Format: int64 */
            avgLatencyMs: number;
            /**
             * Format: int64
             * @description Prompt tokens read from a cache.
             */
            cachedTokens: number;
            /**
             * Format: int64
             * @description Prompt tokens written to a cache for an hour.
             */
            cacheWrite1hTokens: number;
            /**
             * Format: int64
             * @description Prompt tokens written to a cache.
             */
            cacheWriteTokens: number;
            /**
             * Format: int64
             * @description Answer tokens that callers see.
             */
            completionTokens: number;
            /** @description The hour, day or month, where grouped by time. */
            date?: string | null;
            /** Format: int64 */
            errorCount: number;
            /** @description The id or the model's code, where grouped by something else; null for calls without one. */
            key?: string | null;
            /** @description What people call it; null for calls without one. */
            name?: string | null;
            /**
             * Format: int64
             * @description Prompt tokens outside any cache.
             */
            promptTokens: number;
            /**
             * Format: int64
             * @description Answer tokens spent on reasoning.
             */
            reasoningTokens: number;
            /** Format: int64 */
            successCount: number;
            /**
             * Format: double
             * @description US dollars.
             */
            totalCost: number;
            /** Format: int64 */
            totalRequests: number;
            /** Format: int64 */
            totalTokens: number;
            /**
             * Format: int64
             * @description Attempts that used tokens and have no price.
             */
            unpricedCount: number;
        };
        /** @description Tokens as callers count them: the prompt includes cached ones, the completion reasoning. */
        UsageView: {
            /**
             * Format: int64
             * @description Prompt tokens read from the provider's cache; absent where there are none.
             */
            cachedTokens?: number | null;
            /** Format: int64 */
            completionTokens: number;
            /** Format: int64 */
            promptTokens: number;
            /**
             * Format: int64
             * @description Completion tokens spent on reasoning; absent where there are none.
             */
            reasoningTokens?: number | null;
            /** Format: int64 */
            totalTokens: number;
        };
        /** @description What can be said of a user; what is absent stays as it is, or has its default. */
        UserPatch: {
            /** @description Whether they may sign in; by default they may. */
            isActive?: boolean | null;
            /** @description Whether they are asked to choose another password. */
            mustChangePassword?: boolean | null;
            /** @description Their password; a new one ends their sessions, and they are asked to choose their own. */
            password?: string | null;
            /** @enum {string} */
            role?: "admin" | "analyst" | "app";
            /** @description What they sign in with: letters, digits and `_ . @ -`. */
            username?: string | null;
        };
        /** @description A user. */
        UserView: {
            /**
             * Format: date-time
             * @description When they were made.
             */
            createdAt: string;
            /**
             * Format: int64
             * @description Their id.
             */
            id: number;
            /** @description Whether they may sign in. */
            isActive: boolean;
            /**
             * Format: date-time
             * @description When they last signed in.
             */
            lastLoginAt?: string | null;
            /** @description Whether somebody else chose their password. */
            mustChangePassword: boolean;
            /** @enum {string} */
            role: "admin" | "analyst" | "app";
            /**
             * Format: date-time
             * @description When they were last changed.
             */
            updatedAt: string;
            /** @description What they sign in with. */
            username: string;
        };
        /** @description What the provider says of a key. */
        VerdictView: {
            /** @description Whether the provider lets it in. */
            isValid: boolean;
            /**
             * Format: int64
             * @description How long the provider took.
             */
            latencyMs: number;
            /** @description Why not. */
            reason?: string | null;
        };
        /** @description A webhook. Of one with a name that is there already, what is absent stays. */
        WebhookBody: {
            /** @description Whether it is used; by default it is. */
            isActive?: boolean | null;
            kinds?: ("key_unavailable" | "provider_without_key" | "error_rate" | "budget_spent" | "journal_backlog" | "records_dropped" | "model_unpriced" | "model_shutdown" | "cost_above_bound")[];
            levels?: ("info" | "warning" | "critical")[];
            /**
             * @description What people call it; no two channels have the same name, and none is called `email`.
             * @example ops
             */
            name: string;
            /**
             * @description What it is signed with (`generic`, `feishu`, `dingtalk`). It is sealed; as it is shown, it
             *     stays; null takes it away.
             */
            secret?: string | null;
            /** @enum {string} */
            type?: "generic" | "slack" | "feishu" | "dingtalk" | "wecom";
            /**
             * @description Where it is posted to. It is sealed; as it is shown, it stays.
             * @example https://hooks.example.com/T0/B0/x
             */
            url?: string | null;
        };
        /** @description A webhook, without its secrets. */
        WebhookView: {
            /** @description Whether it is used. */
            isActive: boolean;
            kinds: ("key_unavailable" | "provider_without_key" | "error_rate" | "budget_spent" | "journal_backlog" | "records_dropped" | "model_unpriced" | "model_shutdown" | "cost_above_bound")[];
            levels: ("info" | "warning" | "critical")[];
            /** @description What people call it. */
            name: string;
            /** @description What it is signed with, masked; null for nothing. */
            secret?: string | null;
            /** @enum {string} */
            type: "generic" | "slack" | "feishu" | "dingtalk" | "wecom";
            /**
             * @description Where it is posted to: the host, masked after it.
             * @example https://hooks.example.com/****
             */
            url: string;
        };
    };
    responses: {
        /** @description The app token's budget does not allow the call */
        BudgetExceeded: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorBody"];
            };
        };
        /** @description It would collide with something that is there */
        Conflict: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorBody"];
            };
        };
        /** @description Good credentials that do not allow this */
        Forbidden: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorBody"];
            };
        };
        /** @description A defect of Tollgate */
        Internal: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorBody"];
            };
        };
        /** @description The body is not JSON */
        MalformedJson: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorBody"];
            };
        };
        /** @description There is no such thing */
        NotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorBody"];
            };
        };
        /** @description The body is too long */
        PayloadTooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorBody"];
            };
        };
        /** @description The provider failed */
        ProviderError: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorBody"];
            };
        };
        /** @description The provider did not answer in time */
        ProviderTimeout: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorBody"];
            };
        };
        /** @description Too many, too fast; `Retry-After` says how long to wait */
        RateLimited: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorBody"];
            };
        };
        /** @description The report takes the database too long; a shorter time or a filter helps */
        ReportTimeout: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorBody"];
            };
        };
        /** @description No credentials, or none that hold */
        Unauthenticated: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorBody"];
            };
        };
        /** @description The database cannot be reached now, or no key can take the call */
        Unavailable: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorBody"];
            };
        };
        /** @description The body is not announced as JSON */
        UnsupportedMediaType: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorBody"];
            };
        };
        /** @description A field or parameter holds what it may not */
        ValidationFailed: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorBody"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
